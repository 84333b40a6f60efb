"""script/words: every text that people read is in every catalogue, and nothing else is."""

from pathlib import Path

import pytest

from script import familiar, words

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


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ("", "not translated: 'Your name'"),
        ('msgid "Your name"\nmsgstr "Uw naam"\n', "still says u: 'Your name'"),
        (
            'msgid "Your name"\nmsgstr "Je naam"\n\nmsgid "Gone"\nmsgstr "Weg"\n',
            "does not say u: 'Gone'",
        ),
        ('msgid "Your name"\nmsgstr "Je naam"\n', ""),
    ],
)
def test_what_addresses_its_reader_has_a_familiar_form(catalogue: Path, texts: str, fault: str) -> None:
    catalogue.write_text(CATALOGUE + DONE + '\nmsgid "Your name"\nmsgstr "Uw naam"\n')
    catalogue.with_name("je.po").write_text(CATALOGUE + texts)
    assert "".join(familiar.faults(catalogue)).endswith(fault)
    assert bool(familiar.faults(catalogue)) is bool(fault)


def test_without_a_familiar_catalogue_there_is_one_form(catalogue: Path) -> None:
    catalogue.write_text(CATALOGUE + DONE)
    assert familiar.faults(catalogue) == []
