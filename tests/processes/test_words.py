"""script/words: every text that people read is in every catalogue, and nothing else is."""

from pathlib import Path

import pytest

from script import words

PROJECT = """
[[tool.babel.mappings]]
method = "python"
pattern = "*.py"
"""
CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

"""
DONE = 'msgid "We did it."\nmsgstr "Wij hebben het gedaan."\n'


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Dutch catalogue of a project that says one thing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "page.py").write_text('_("We did it.")\n')
    file = tmp_path / "translations" / "nl" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    return file


@pytest.mark.parametrize(
    ("messages", "fault"),
    [
        ("", "not translated: 'We did it.'"),
        (DONE.replace("Wij hebben het gedaan.", ""), "not translated: 'We did it.'"),
        ("#, fuzzy\n" + DONE, "fuzzy: 'We did it.'"),
        (DONE + '\nmsgid "Gone"\nmsgstr "Weg"\n', "no longer used: 'Gone'"),
    ],
)
def test_a_catalogue_that_lags_behind_is_named(
    catalogue: Path, capsys: pytest.CaptureFixture[str], messages: str, fault: str
) -> None:
    catalogue.write_text(CATALOGUE + messages)
    assert words.main([]) == 1
    assert capsys.readouterr().out == f"translations/nl/LC_MESSAGES/messages.po: {fault}\n"


def test_a_complete_catalogue_passes(catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalogue.write_text(CATALOGUE + DONE)
    assert words.main([]) == 0
    assert capsys.readouterr().out == "1 texts, all of them in nl.\n"


def test_no_catalogue_at_all_fails(catalogue: Path) -> None:
    assert words.main([]) == 1


def test_update_brings_new_words_in_empty_and_drops_old_ones(catalogue: Path) -> None:
    catalogue.write_text(CATALOGUE + 'msgid "We did that."\nmsgstr "Wij hebben dat gedaan."\n')
    assert words.main(["update"]) == 1
    text = catalogue.read_text()
    assert 'msgid "We did it."\nmsgstr ""\n' in text
    assert "We did that." not in text


def test_add_begins_a_language(catalogue: Path) -> None:
    catalogue.write_text(CATALOGUE + DONE)
    assert words.main(["add", "de"]) == 1
    assert 'msgid "We did it."' in Path("translations/de/LC_MESSAGES/messages.po").read_text()
