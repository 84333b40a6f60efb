"""What we say ourselves passes our own aid: the demo's public words and every mail."""

import pytest

from core.settings import ROOT
from demo.reading import script
from tests.triage.writing.conftest import TODAY
from triage.writing.checking import Setting, check

MAILS = sorted((ROOT / "templates" / "mail").glob("*/golden.*.txt"))
pytestmark = pytest.mark.usefixtures("reading")


def blocked(text: str, language: str, kind: str = "") -> list[str]:
    words = text.replace("{owner}", "Joris de Vries")
    return [words[f.start : f.end] for f in check(words, language, TODAY, Setting(kind)) if f.blocks]


def test_nothing_that_the_demo_tells_would_be_blocked() -> None:
    told = script()
    for deed in told.deeds:
        for language, words in deed.public.items():
            assert not blocked(words, language, deed.kind), deed.key
        for language, words in deed.promised.items():
            assert not blocked(words, language, "planned"), deed.key
        assert not blocked(deed.reason, "nl", deed.kind), deed.key
    for digest in told.digest:
        assert not blocked(digest.nl, "nl")
        assert not blocked(digest.en, "en")
    for story in told.story:
        for part in (story.reason, story.answer, story.wrong, story.correction):
            for language, words in part.items():
                assert not blocked(words, language), story.action


@pytest.mark.parametrize("file", MAILS, ids=lambda f: f"{f.parent.name}.{f.name.split('.')[1]}")
def test_no_mail_says_what_would_be_blocked(file: object) -> None:
    text, language = file.read_text("utf-8"), file.name.split(".")[1]  # type: ignore[attr-defined]
    assert not blocked(text, language)
