"""What is said of the measures: nothing of too few, and no change that chance explains."""

from dataclasses import replace

import pytest

from reports import sentences
from reports.durations import NOBODY, Times
from reports.groups import Group
from reports.measures import Aftermath, Feelings, Rates, Scale, Speed
from tests.reports import samples

pytestmark = pytest.mark.usefixtures("english")
EASY = Scale("ease", "ces", "Was it easy?", ((6, 40), (7, 20)), ((6, 20), (7, 40)))


def test_a_rate_has_its_interval_and_what_changed() -> None:
    (response, completion) = sentences.rates(samples.measured()["rates"])
    assert "40% (34% to 46%)." in response
    assert "less than in the period before, more than chance easily explains." in response
    assert completion == "Of 120 people who began to answer, 114 sent it: 95% (90% to 98%)."
    (few,) = sentences.rates(Rates(12, 3, 0, 0, 0))
    assert few.endswith("12 is too few for a percentage: that takes 30.")
    assert sentences.rates(Rates(0, 0, 0, 0, 0)) == ()


def test_a_scale_is_said_in_its_own_unit() -> None:
    assert sentences.scale(EASY).startswith("6.3 (6.2 to 6.5). That is 0.3 less than")
    assert "may be chance" in sentences.scale(replace(EASY, before=EASY.given))
    assert (
        sentences.scale(replace(EASY, given=((6, 29),))) == "29 is too few for a percentage: that takes 30."
    )
    assert sentences.scale(replace(EASY, given=())) == "Nobody answered this question in the period."
    assert "Too few" in sentences.scale(replace(EASY, before=()))
    assert sentences.scale(replace(EASY, kind="nps", given=((9, 60),), before=())).startswith("100 (")
    assert sentences.scale(replace(EASY, kind="csat", given=((5, 60),), before=())).startswith("100% (")


def test_who_waits_makes_it_slow() -> None:
    open_ones = Speed(Times(40, 30, None, None), Times(40, 40, None, None))
    first, second, third = sentences.speed(open_ones)
    assert first.startswith("More than half of them wait for a first word")
    assert second.startswith("More than half of them have not heard yet")
    assert third == "No first word fell due yet."
    assert sentences.speed(Speed(NOBODY)) == ("Nobody who answered in this period is owed a word.",)
    slower = Speed(
        Times(40, 0, 0.5, 50), Times(40, 0, 30, 60), longer=4, longer_chance=0.001, outcome_chance=0.3
    )
    first, second, _third = sentences.speed(slower)
    assert "within 30 minutes; nine in ten within 2 days. That is slower than" in first
    assert "may be chance" in second


def test_what_is_fair_is_said_too() -> None:
    group = Group("channel", "mail", 50, owed=50, told=40, until=Times(50, 0, 5, 9))
    assert "takes 30 on either side" in sentences.fairness((group,))[0], (
        "there is nobody to compare them with"
    )
    assert (
        "takes 30 on either side" in sentences.fairness((group, replace(group, key="page", until=NOBODY)))[0]
    )
    assert sentences.fairness((group, replace(group, key="page"))) == (
        "By channel, language and score people were told as soon and as often, as far as chance lets us see.",
    )
    (few,) = sentences.fairness(())
    assert "takes 30 on either side" in few
    sooner, more = sentences.fairness((replace(group, later=-1, less=-1),))
    assert sooner.startswith("Told by mail: they hear sooner")
    assert more.startswith("Told by mail: more of them")


def test_page_one_says_only_what_there_is_to_say() -> None:
    assert sentences.highlights(None, None, (), None) == ()
    measured = samples.measured()
    found = sentences.highlights(
        measured["speed"], measured["aftermath"], measured["groups"], measured["rates"]
    )
    assert len(found) == 5
    assert sentences.waiting(Aftermath()) == "Nobody waits for a word any more."
    assert (
        sentences.waiting(Aftermath(waiting=1, waiting_days=3))
        == "1 person still waits for a word, for 3 days now."
    )
    assert sentences.feelings(Feelings()) == "Nobody has said yet how they feel about it now."
    assert "15 feel better, 3 the same, 2 worse" in sentences.feelings(measured["feelings"])
