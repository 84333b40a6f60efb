"""By channel, language and score: what is too small is never shown, and only what is real is flagged."""

from datetime import datetime, timedelta
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.cases import Case, band
from reports.groups import LEAST, OTHERS, Group, fewer, groups
from reports.tallies import tally

START = datetime.fromisoformat("2026-10-01T00:00+00:00")
AS_OF = START + timedelta(days=60)
named = st.lists(st.sampled_from("abcdefgh"), max_size=120)


def organisation(dice: np.random.Generator, n: int = 240, slow: int = 0) -> list[Case]:
    """Nobody is treated unlike: a third are thanked with a code, and few cannot be; but of the first `slow`, who speak Frisian,
    each waits twice as long."""
    hours = dice.exponential(60, n + slow) * np.where(np.arange(n + slow) < slow, 2, 1)
    days, mail, english, scores = (
        dice.integers(0, 50, n + slow),
        dice.random(n + slow),
        dice.random(n + slow),
        dice.integers(1, 6, n + slow),
    )
    thanks = dice.random(n + slow)
    return [
        case(
            START + timedelta(days=int(days[i])), float(hours[i]), channel="mail" if mail[i] < 0.7 else "page",
            language="fy" if i < slow else "en" if english[i] < 0.3 else "nl", score=int(scores[i]), id=i,
            thanked=None if thanks[i] > 0.9 else bool(thanks[i] < 0.3),
        )
        for i in range(n + slow)
    ]  # fmt: skip


def case(at: datetime, hours: float, **values: object) -> Case:
    told_at = at + timedelta(hours=hours)
    state = "told" if told_at <= AS_OF else "promised"
    return Case(**{"received_at": at, "scale": "csat", "state": state, "outcome_at": told_at, **values})  # type: ignore[arg-type]


def flagged(cases: list[Case]) -> list[Group]:
    return [group for group in groups(tally(cases, AS_OF)) if group.unlike]


def test_of_a_thousand_fair_organisations_hardly_one_in_sixteen_is_flagged() -> None:
    found = [bool(flagged(organisation(np.random.default_rng(seed), 150))) for seed in range(1000)]
    assert sum(found) / len(found) <= 0.065


def test_three_hundred_people_who_wait_twice_as_long_are_seen() -> None:
    found = [flagged(organisation(np.random.default_rng(seed), 500, slow=300)) for seed in range(30)]
    seen = [any((g.by, g.key, g.later) == ("language", "fy", 1) for g in some) for some in found]
    assert sum(seen) / len(seen) >= 0.8


def test_whose_share_told_is_smaller_is_seen() -> None:
    cases = [case(START, 5, language="nl", id=i) for i in range(200)]
    cases += [case(START, 5 if i % 3 else 9999, language="en", id=200 + i) for i in range(200)]
    (english,) = [g for g in groups(tally(cases, AS_OF)) if (g.by, g.key) == ("language", "en")]
    (dutch,) = [g for g in groups(tally(cases, AS_OF)) if (g.by, g.key) == ("language", "nl")]
    assert english.less == 1 or dutch.less == -1


def thanked(n: int, share: float, first: int = 0, **values: object) -> list[Case]:
    return [case(START, 5, id=first + i, thanked=i < share * n, **values) for i in range(n)]


@pytest.mark.parametrize("sooner", [0.5, 0.1], ids=["many", "few"])
def test_who_is_thanked_more_rarely_is_seen_and_nothing_else_of_them(sooner: float) -> None:
    cases = thanked(200, sooner, channel="mail") + thanked(200, sooner / 5, 200, channel="page")
    found = {g.key: g for g in groups(tally(cases, AS_OF)) if g.by == "channel"}
    assert {(g.thanked, g.thankable) for g in found.values()} == {(200 * sooner, 200), (40 * sooner, 200)}
    assert found["mail"].rarer == -1 or found["page"].rarer == 1
    assert {(g.later, g.less) for g in found.values()} == {(0, 0)}


@pytest.mark.parametrize(("n", "flags"), [(29, {0}), (30, {-1, 0})])
def test_fewer_than_thirty_who_could_be_thanked_are_not_judged(n: int, flags: set[int]) -> None:
    cases = thanked(n, 1, channel="mail") + thanked(n, 0, n, channel="page")
    cases += [case(START, 5, id=200 + i, channel=way) for i in range(100) for way in ("mail", "page")]
    assert {g.rarer for g in groups(tally(cases, AS_OF)) if g.by == "channel"} == flags


def test_where_nobody_could_be_thanked_there_is_no_share() -> None:
    cases = [case(START, 5, id=i) for i in range(100)]
    assert {(g.thanked_share, g.rarer) for g in groups(tally(cases, AS_OF))} == {(None, 0)}


@given(st.integers(30, 400), st.integers(30, 400), st.floats(0, 1), st.floats(0, 1))
def test_shares_are_compared_as_scipy_compares_them(n: int, m: int, p: float, q: float) -> None:
    one, other = (
        [Case(i, START, state="told" if i < share * of else "promised") for i in range(of)]
        for share, of in ((p, n), (q, m))
    )
    mine, rest = (tally(some, AS_OF).parts["channel"]["page"] for some in (one, other))
    found = fewer((mine.told, mine.owed), (rest.told, rest.owed))
    told = [sum(c.told for c in some) for some in (one, other)]
    if found is None:
        assert min(n, m) * min(sum(told), n + m - sum(told)) < 5 * (n + m)
        return
    known = stats.chi2_contingency([[told[0], n - told[0]], [told[1], m - told[1]]], correction=False)
    assert found[1] == pytest.approx(known.pvalue, abs=1e-9)


@given(named)
def test_nobody_can_be_read_from_a_small_group(keys: list[str]) -> None:
    """Whatever is shown has at least ten; and so has what is left when it is taken from the whole."""
    shown = [
        g
        for g in groups(tally([Case(i, START, language=key) for i, key in enumerate(keys)], AS_OF))
        if g.by == "language"
    ]
    assert all(group.n >= LEAST for group in shown)
    hidden = len(keys) - sum(group.n for group in shown)
    assert hidden == 0 or (hidden < LEAST and not shown) or not shown


@given(named)
def test_each_group_holds_its_own_and_the_others_the_rest(keys: list[str]) -> None:
    counts = {key: len(list(some)) for key, some in groupby(sorted(keys))}
    for group in groups(tally([Case(i, START, language=key) for i, key in enumerate(keys)], AS_OF)):
        if group.by == "language":
            assert group.n == counts[group.key] if group.key != OTHERS else group.n >= LEAST


@pytest.mark.parametrize(
    ("scale", "score", "expected"),
    [("csat", 2, "low"), ("csat", 3, "middle"), ("csat", 4, "high"), ("nps", 6, "low"), ("nps", 8, "middle"), ("nps", 9, "high"),
     ("ces", 3, "low"), ("ces", 4, "middle"), ("ces", 5, "high"), ("", 3, ""), ("csat", None, "")],
)  # fmt: skip
def test_a_score_is_low_by_its_own_scale(scale: str, score: int | None, expected: str) -> None:
    assert band(scale, score) == expected
