"""Page one in sentences: what they lead with, what they claim, and what they do not."""

from dataclasses import replace

import pytest

from reports.deeds import Deed, Ledger, Word
from reports.figures import Satisfaction
from reports.panels import change, satisfaction_panel, word_panel
from reports.summary import alert, lead, summary
from tests.reports import samples

pytestmark = pytest.mark.usefixtures("english")


def test_the_deed_leads() -> None:
    found = summary(samples.figures())
    assert found.lead == "Of the 56 dates we named to people, 43 were met."
    assert found.deed == ("Met: 77% (64% to 86%).", "Half of the late ones were at most 5 days late.")
    assert [panel.figure for panel in found.panels] == ["84 of 96", "201 of 214", "64%"]


def test_a_moved_date_is_due_and_not_kept() -> None:
    assert Word(kept=1, late=0, moved=2, broken=0, open=5).due == 3
    assert word_panel(Word(1, 0, 2, 0, 5)).figure == "1 of 3"


def test_a_late_deed_is_not_met_even_when_it_was_warned_of() -> None:
    deed = Deed(early=1, kept=1, warned=2, broken=3, open=4)
    assert (deed.met, deed.judged) == (2, 7)


def test_fewer_than_thirty_dates_give_no_percentage() -> None:
    found = summary(replace(samples.figures(), deed=Deed(0, 20, 0, 0, 0)))
    assert found.deed == ("20 is too few for a percentage: that takes 30.",)


def test_one_date_is_one_date() -> None:
    assert lead(Deed(0, 1, 0, 0, 0)) == "Of the 1 date we named to people, 1 was met."


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (10, ""),
        (9, "does not add up: 1 response is not told"),
        (7, "does not add up: 3 responses are not told"),
        (12, "does not add up: 2 responses are counted twice"),
    ],
)
def test_a_ledger_that_does_not_add_up_is_said_in_plain_words(told: int, words: str) -> None:
    found = alert(Ledger(10, told, 0, (), (), 0))
    assert words in found
    assert bool(found) is bool(words)


NOW = (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("scores", "before", "words"),
    [
        ((10, 10, 0, 40, 40), (30, 30, 0, 20, 20), "40 points more"),
        ((30, 30, 0, 20, 20), (10, 10, 0, 40, 40), "40 points less"),
        ((10, 10, 0, 40, 40), (10, 11, 0, 40, 39), "may be chance"),
        ((1, 1, 0, 13, 14), (100, 0, 0, 0, 0), "Too few"),
        ((50, 50, 0, 0, 0), (0, 0, 0, 29, 0), "Too few"),
    ],
)
def test_a_change_is_claimed_only_where_chance_does_not_explain_it(
    scores: tuple[int, ...], before: tuple[int, ...], words: str
) -> None:
    assert words in change(Satisfaction(scores, before, ()))


def test_fewer_than_thirty_scores_are_counted_and_not_made_a_percentage() -> None:
    panel = satisfaction_panel(Satisfaction((0, 0, 0, 20, 9), NOW, ()))
    assert panel.figure == "29 of 29"
    assert "%" not in panel.figure + " ".join(panel.lines)


def test_an_empty_period_says_so() -> None:
    found = summary(samples.empty())
    assert found.lead == "No date we named to anyone has come yet, so there is no deed to judge."
    assert [panel.figure for panel in found.panels] == ["–", "–", "–"]
    assert not found.alert
