"""Which words are quoted, and how much of them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reports.figures import Verbatim
from reports.verbatims import ANSWER, CHARACTERS, LINES, MOST, choose, clipped, in_brief

DAY = date(2026, 11, 20)
scores = st.none() | st.integers(1, 5)


def said(words: str = "Goed.", score: int | None = 3, days_ago: int = 0) -> Verbatim:
    return Verbatim(words, score, DAY - timedelta(days_ago), "nl")


def test_each_score_takes_its_turn_newest_first() -> None:
    written = [
        said("old 1", 1, 9),
        said("new 1", 1, 2),
        said("none", None, 0),
        said("new 5", 5, 1),
        said("old 5", 5, 7),
    ]
    assert [v.words for v in choose(written, 5).shown] == ["new 1", "new 5", "none", "old 1", "old 5"]


@given(st.lists(scores, max_size=150), st.integers(0, 10_000))
def test_at_most_sixty_are_shown_and_the_rest_is_counted_exactly(
    given_scores: list[int | None], more: int
) -> None:
    written = [said(score=score, days_ago=n) for n, score in enumerate(given_scores)]
    chosen = choose(written, len(written) + more)
    assert len(chosen.shown) == min(len(written), MOST)
    assert len(chosen.shown) + chosen.left_out == len(written) + more


@given(st.lists(scores, max_size=80))
def test_the_order_in_which_they_come_does_not_matter(given_scores: list[int | None]) -> None:
    written = [said(score=score, days_ago=n) for n, score in enumerate(given_scores)]
    assert choose(written, 80) == choose(written[::-1], 80)


@given(
    st.text(max_size=3000)
    | st.lists(st.sampled_from(["a b", "", "\n", "\u2028", "x" * 90]), max_size=200).map("\n".join)
)
def test_words_stay_within_their_bounds_and_say_when_they_were_cut(words: str) -> None:
    shown = clipped(said(words))
    assert len(shown.words) <= CHARACTERS
    assert len(shown.words.splitlines()) <= LINES
    if not shown.cut:
        assert shown.words.split() == words.split()


def test_five_thousand_empty_lines_become_one() -> None:
    shown = clipped(said("before" + "\n" * 5_000 + "after"))
    assert shown.words == "before\n\nafter"
    assert not shown.cut


def test_the_twenty_first_line_is_cut_and_said_to_be() -> None:
    shown = clipped(said("\n".join(str(n) for n in range(21))))
    assert shown.words.endswith("\n19")
    assert shown.cut


@given(st.text(max_size=1500))
def test_our_answer_is_told_in_brief(text: str) -> None:
    brief = in_brief(text)
    assert len(brief) <= ANSWER
    assert brief.endswith("…") or brief == " ".join(text.split())
