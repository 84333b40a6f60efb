"""What was made is kept for whoever asks next, and never without bound."""

from core.recent import Recent


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
