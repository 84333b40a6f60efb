"""What is said of the measures: nothing of too few, and no change that chance explains."""

from dataclasses import replace

import pytest

from reports import sentences
from reports.durations import NOBODY, Times
from reports.groups import Group
from reports.measures import Aftermath, Rates, Scale, Speed
from reports.moods import sentences_feelings
from reports.moods.feelings import Feelings
from reports.moods.moods import Mood, Moods
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


def test_feelings_after_are_compared_with_those_of_the_same_people() -> None:
    assert sentences_feelings.feelings(Feelings()) == ("Nobody has said yet how they feel about it now.",)
    said, better = sentences_feelings.feelings(samples.measured()["feelings"])
    assert "30 feel better, 6 the same, 4 worse" in said
    assert (
        better
        == "Better: 75% (60% to 86%). More feel better than worse, by more than chance easily explains."
    )
    few = Feelings(better=20, worse=9)
    assert sentences_feelings.feelings(few)[1] == "29 is too few for a percentage: that takes 30."
    even = Feelings(better=20, worse=18, same=10)
    assert sentences_feelings.feelings(even)[1].endswith("Whether more feel better than worse may be chance.")
    worse = Feelings(better=5, worse=40)
    assert "More feel worse than better" in sentences_feelings.feelings(worse)[1]


def test_what_was_felt_is_said_with_its_share_and_what_chance_explains() -> None:
    known, felt, changed = sentences_feelings.moods(samples.moods())
    assert known == "Of 162 people it is known what they felt when they wrote."
    assert (
        felt
        == "Most felt: frustrated 37%, grateful 19%, impatient 14%. It was unpleasant for 69% (61% to 75%)."
    )
    assert changed.startswith("That is 38.5 more than in the period before")
    few = Moods(Mood("period", 29), Mood("before", 0))
    assert sentences_feelings.moods(few)[1] == "29 is too few for a percentage: that takes 30."
    (nobody,) = sentences_feelings.moods(Moods(Mood("period", 0), Mood("before", 0)))
    assert nobody.startswith("Nobody's feeling is known")
