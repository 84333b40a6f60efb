"""The figures against pandas, on cases that were drawn by lot."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from reports.cases import BETTER, Case
from reports.durations import Took
from reports.groups import groups
from reports.measures import Rates, Scale, aftermath, estimate, is_real, speed
from reports.moods.feelings import feelings
from reports.tallies import Tally, tally, waits
from reports.themes import trends
from tests.reports.test_durations import curve

START = datetime.fromisoformat("2026-10-24T00:00+00:00")
AS_OF = START + timedelta(days=30)
FEELINGS = ["", *BETTER]


def drawn(seed: int, n: int = 400) -> list[Case]:
    """Around the autumn clock change; some untold, some never owed a word, some who came back."""
    dice = np.random.default_rng(seed)
    return [_case(dice, i) for i in range(n)]


def _case(dice: np.random.Generator, i: int) -> Case:
    at = START + timedelta(minutes=int(dice.integers(0, 29 * 24 * 60)))
    word_at = at + timedelta(minutes=int(dice.integers(1, 9000))) if dice.random() < 0.8 else None
    told = word_at is not None and word_at <= AS_OF and dice.random() < 0.9
    return Case(
        i, at, score=int(dice.integers(1, 6)) if dice.random() < 0.9 else None, scale="csat", sound=bool(dice.random() < 0.95),
        channel=str(dice.choice(["mail", "page"])), language=str(dice.choice(["nl", "en", "fy"], p=[0.7, 0.28, 0.02])),
        state="told" if told else "promised", owed=bool(dice.random() < 0.9), due_at=at + timedelta(days=3), word_at=word_at,
        outcome_at=word_at if told else None, who=str(dice.choice(["Alice", "Bob"])), felt=str(dice.choice(FEELINGS)),
        feels=str(dice.choice(FEELINGS)), closing=str(dice.choice(["", "agreed", "silence"])), reopened=bool(dice.random() < 0.1),
    )  # fmt: skip


def frame(cases: list[Case]) -> pd.DataFrame:
    return pd.DataFrame([{name: getattr(case, name) for name in Case._fields} for case in cases])


@pytest.mark.parametrize("seed", range(5))
def test_speed_is_what_pandas_counts(seed: int) -> None:
    cases = drawn(seed)
    found, table = speed(tally(cases, AS_OF), Tally()), frame(cases)
    owed = table[table.owed]
    heard = owed[owed.word_at.notna() & (owed.word_at <= AS_OF)]
    assert (found.first_word.n, found.first_word.waiting) == (len(owed), len(owed) - len(heard))
    due = owed[owed.due_at <= AS_OF]
    assert found.kept
    assert found.kept.value == pytest.approx((due.word_at <= due.due_at).mean())
    rows = [Took(_hours(row), row.word_at <= AS_OF) for row in owed.itertuples()]
    assert (found.first_word.median, found.first_word.ninety) == (curve(rows, 0.5), curve(rows, 0.9))


def _hours(row: object) -> float:
    """Of who has it, or waited until now; in whole minutes, from two days on in whole hours."""
    until = row.word_at if row.word_at <= AS_OF else pd.Timestamp(AS_OF)  # type: ignore[attr-defined]
    hours = (until - row.received_at) // pd.Timedelta(minutes=1) / 60  # type: ignore[attr-defined]
    return hours if hours < 48 else float(hours // 1)


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_what_pandas_counts(seed: int) -> None:
    cases = drawn(seed)
    table = frame(cases)
    for column, by in (("channel", "channel"), ("who", "who"), ("language", "language")):
        shown = {group.key: group for group in groups(tally(cases, AS_OF)) if group.by == by}
        assert sum(group.n for group in shown.values()) == len(table)
        for key, some in table.groupby(column):
            if key not in shown:
                continue  # too small, or put together with what is
            scores = some[some.sound & some.score.notna()].score
            assert (shown[str(key)].n, shown[str(key)].scored) == (len(some), len(scores))
            csat = shown[str(key)].csat
            assert csat
            assert csat.value == (scores >= 4).mean()
            owed = some[some.owed]
            told = shown[str(key)].told_share
            assert told
            assert told.value == (owed.state == "told").mean()


@pytest.mark.parametrize("seed", range(5))
def test_feelings_and_endings_are_what_pandas_counts(seed: int) -> None:
    cases = drawn(seed)
    table = frame(cases)
    sound, found = table[table.sound], feelings(tally(cases, AS_OF))
    assert dict(found.before) == sound[sound.felt != ""].felt.value_counts().to_dict()
    assert dict(found.after) == sound[sound.feels != ""].feels.value_counts().to_dict()
    both = sound[(sound.felt != "") & (sound.feels != "")]
    moved = np.sign(both.feels.map(BETTER) - both.felt.map(BETTER))
    assert (found.better, found.same, found.worse) == tuple((moved == sign).sum() for sign in (1, 0, -1))
    ended = aftermath(tally(cases, AS_OF), 3, 9, 5)
    assert (ended.agreed, ended.silence) == (
        (table.closing == "agreed").sum(),
        (table.closing == "silence").sum(),
    )
    assert (ended.reopened, ended.waiting, ended.longest) == (table.reopened.sum(), 3, 5)


@pytest.mark.parametrize("seed", range(5))
def test_scales_are_what_pandas_counts(seed: int) -> None:
    dice = np.random.default_rng(seed)
    nps, ces, gaps = (
        pd.Series(dice.integers(0, 11, 200)),
        pd.Series(dice.integers(1, 8, 90)),
        pd.Series(dice.integers(-4, 5, 40)),
    )
    given = [tuple((int(v), int(n)) for v, n in s.value_counts().items()) for s in (nps, ces, gaps)]
    points, ease, gap = (
        estimate(kind, some) for kind, some in zip(("nps", "ces", "expectation_gap"), given, strict=True)
    )
    assert points
    assert points.value == pytest.approx(100 * ((nps >= 9).mean() - (nps <= 6).mean()))
    assert ease
    assert ease.value == pytest.approx(ces.mean())
    assert gap
    assert gap.value == pytest.approx(gaps.mean())


def test_a_change_is_claimed_from_thirty_on_and_where_chance_does_not_explain_it() -> None:
    easy, hard = ((6, 20), (7, 20)), ((1, 20), (2, 20))
    eased, alike = (Scale("ease", "ces", "Was it easy?", easy, before).change for before in (hard, easy))
    assert eased
    assert eased.real
    assert alike
    assert not alike.real
    assert Scale("ease", "ces", "Was it easy?", ((6, 29),), hard).change is None
    assert Scale("gap", "expectation_gap", "", ((-1, 2),), (), ((5, 2),), ((4, 2),)).means == (5, 4)
    assert Scale("gap", "expectation_gap", "", ()).means is None


def test_waiting_longer_than_before_is_said_from_thirty_people_on() -> None:
    slow = [Case(i, START, word_at=START + timedelta(days=5 + i % 3)) for i in range(30)]
    quick = [Case(i, START, word_at=START + timedelta(days=1, hours=i)) for i in range(30)]
    found = speed(tally(slow, AS_OF), waits(quick, AS_OF))
    assert is_real(found.longer_chance)
    assert found.longer > 0
    assert speed(tally(slow[:29], AS_OF), waits(quick, AS_OF)).longer_chance is None


def test_rates_carry_their_interval_and_are_none_without_anybody() -> None:
    found = Rates(
        delivered=200, answered=50, bounced=4, began=80, sent=60, delivered_before=100, answered_before=50
    )
    assert found.response
    assert found.response.value == 0.25
    assert found.completion
    assert found.completion.value == 0.75
    assert found.change
    assert found.change.real
    nobody = Rates(0, 0, 0, 0, 0)
    assert (nobody.response, nobody.completion, nobody.change) == (None, None, None)


def test_a_theme_grows_where_chance_does_not_explain_it_however_many_themes_there_are() -> None:
    counts = {1: (60, 20), 2: (22, 20), 3: (5, 40), **dict.fromkeys(range(4, 20), (4, 5))}
    found = trends(counts, 200, 200)
    assert (found[1], found[2], found[3]) == (1, 0, -1)
    assert not any(found[n] for n in range(4, 20))
    assert trends(counts, 29, 300) == {}
    assert trends({1: (40, 40)}, 40, 40) == {1: 0}
