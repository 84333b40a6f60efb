"""What was made is kept for whoever asks next, and never without bound."""

from flask import Flask

from core.recent import Recent, of_this_application


def test_it_is_made_once() -> None:
    made: list[str] = []
    recent = Recent[str, str](2)
    for _ask in range(3):
        assert recent.get("a", lambda: made.append("a") or "A") == "A"  # type: ignore[func-returns-value]
    assert made == ["a"]


def test_the_one_nobody_asked_for_longest_goes_first() -> None:
    recent = Recent[str, str](2)
    for key in ("a", "b", "a", "c"):
        recent.get(key, key.upper)
    assert recent.get("a", lambda: "again") == "A"
    assert recent.get("b", lambda: "again") == "again"


def test_each_application_keeps_its_own() -> None:
    found = []
    for _application in range(2):
        with Flask("one").app_context():
            kept = of_this_application("things", 2)
            assert of_this_application("things", 2) is kept
            found.append(kept)
    assert found[0] is not found[1]
