"""What checkers from outside say, as sentences; the checkers themselves run where script/pages installed them."""

import shutil

import pytest

from script.outside import lighthouse, nu

SOUND = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head><body><h1>Hello</h1></body></html>'
WRONG = SOUND.replace("<h1>", '<h1 align="left">')
HERE = pytest.mark.skipif(
    not nu.JAR.exists() or not shutil.which("java"), reason="script/pages was not run here"
)


@HERE
def test_the_html_checker_names_what_is_wrong_and_each_page_on_which_it_stands() -> None:
    (found,) = nu.findings({"sound": SOUND, "first": WRONG, "second": WRONG})
    assert "align" in found
    assert found.endswith(("(first, line 1; second, line 1)", "(second, line 1; first, line 1)"))
    assert "sound" not in found


@HERE
def test_a_sound_page_has_no_findings() -> None:
    assert nu.findings({"sound": SOUND}) == []


def test_many_pages_are_named_by_the_first_few() -> None:
    assert nu._places(["a", "b", "c", "d", "e"]) == "(a; b; c and 2 more)"


def seen(**values: object) -> dict[str, object]:
    return {
        "name": "form",
        "form": "mobile",
        "failed": "",
        "scores": {"accessibility": 100},
        "missed": [],
        **values,
    }


def test_a_page_with_full_marks_is_no_finding() -> None:
    assert lighthouse._sentences(seen()) == []
    assert lighthouse._marks(seen()) == "accessibility 100"


def test_what_took_marks_is_a_sentence_with_its_place() -> None:
    missed = [["target-size", "Touch targets are too small.", '<a href="/">']]
    assert lighthouse._sentences(seen(missed=missed)) == [
        'form, mobile: target-size: Touch targets are too small. <a href="/">'
    ]


def test_a_page_that_could_not_be_looked_at_is_a_finding() -> None:
    assert lighthouse._sentences(seen(failed="It did not load.")) == ["form, mobile: It did not load."]


def test_without_a_browser_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROME_PATH", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="Lighthouse needs Chromium"):
        lighthouse.chromium()
