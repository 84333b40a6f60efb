"""The Dutch that people read: all of it there, nothing lost on the way, and in the house's voice."""

import ast
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from core.settings import ROOT
from script import words
from tests.rules.test_architecture import product

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
VAGUE = ("zo snel mogelijk", "zo spoedig mogelijk", "binnenkort", "ons best", "asap", "geweldig nieuws")
FAMILIAR = re.compile(r"\b(je|jij|jou|jouw|jullie|jezelf)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return words._read(ROOT / "translations" / "nl" / "LC_MESSAGES" / "messages.po")


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def pairs(message: Message) -> list[tuple[str, str]]:
    """(English, Dutch) of each form, singular first."""
    english, dutch = forms(message.id), forms(message.string)
    return list(zip_longest(english, dutch, fillvalue=english[-1]))


def dutch(catalogue: Catalog) -> list[str]:
    return [text for message in catalogue if message.id for text in forms(message.string)]


def test_every_text_is_there_and_none_is_a_guess(capsys: pytest.CaptureFixture[str]) -> None:
    assert words.main([]) == 0, capsys.readouterr().out


def test_no_text_hides_in_an_f_string(catalogue: Catalog) -> None:
    """Whoever collects the texts does not look into one: what stands nowhere else would stay English for everybody."""
    hidden = [text for file in product() for text in _within_f_strings(file) if not catalogue.get(text)]
    assert not hidden


def _within_f_strings(file: Path) -> Iterator[str]:
    written = [n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.JoinedStr)]
    for call in (inner for one in written for inner in ast.walk(one) if isinstance(inner, ast.Call)):
        named = isinstance(call.func, ast.Name) and call.func.id in {"_", "gettext", "ngettext"}
        if named and call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def test_every_placeholder_arrives(catalogue: Catalog) -> None:
    for message in catalogue:
        for english, text in pairs(message) if message.id else []:
            if isinstance(message.id, str) or "%(num)d" in english:
                assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(english)), english
            assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(forms(message.id)[-1])), english


def test_a_text_begins_and_ends_as_it_did(catalogue: Catalog) -> None:
    for message in catalogue:
        for english, text in pairs(message) if message.id else []:
            assert text == text.strip(), english
            assert (text[-1] == ":") == (english[-1] == ":"), english
            assert (text[-1] == ".") == (english[-1] == "."), english


def test_nobody_is_shouted_at_or_put_off_with_vague_words(catalogue: Catalog) -> None:
    for text in dutch(catalogue):
        assert "!" not in text
        assert not [vague for vague in VAGUE if vague in text.casefold()], text


def test_the_catalogue_says_u(catalogue: Catalog) -> None:
    assert not [text for text in dutch(catalogue) if FAMILIAR.search(text)]


def test_quotation_marks_are_one_kind(catalogue: Catalog) -> None:
    assert not [text for text in dutch(catalogue) if re.search(r"[\"'‘„]", text)]
