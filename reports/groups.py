"""The same figures by channel, language, score and colleague; and whether a difference is more than chance.

Nobody's figures can be read from a small group: whatever has fewer than `LEAST` people is added up as "others", and
where those together are too few as well, the smallest other group joins them, so that nothing is found by subtraction.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reports.cases import BANDS, Case, until_outcome
from reports.durations import NOBODY, Times, slower, times
from reports.estimates import holm, two_sided
from reports.statistics import ENOUGH, Share, share, top_two_box

LEAST = 10
OTHERS = "others"
FAIR = ("channel", "language", "score")
"""By what people may be treated unlike; a colleague has other work than the next."""
SPARSE = 5
"""With fewer expected on any side, a difference of shares is not judged."""
ALMOST_SURELY_CHANCE = 0.05

By = Callable[[Case], str]


@dataclass(frozen=True, slots=True)
class Group:
    """Of `n` people: how satisfied, how many were told, and how long until they heard what came of it.

    `later` and `less`: they wait longer (or less long, where it is negative), or fewer (or more) of them were told, than
    all others, and chance does not explain it; 0 where it may.
    """

    by: str
    key: str
    n: int
    satisfied: int = 0
    scored: int = 0
    owed: int = 0
    told: int = 0
    until: Times = NOBODY
    later: int = 0
    less: int = 0

    @property
    def csat(self) -> Share | None:
        return share(self.satisfied, self.scored)

    @property
    def told_share(self) -> Share | None:
        return share(self.told, self.owed)

    @property
    def unlike(self) -> bool:
        return bool(self.later or self.less)


def groups(cases: Sequence[Case], as_of: datetime) -> tuple[Group, ...]:
    """By channel, by where it came in, by language, by score and by colleague, the largest first within each."""
    ways: dict[str, By] = {
        "channel": lambda c: c.channel, "came": lambda c: c.came, "language": lambda c: c.language,
        "score": lambda c: c.band, "who": lambda c: c.who,
    }  # fmt: skip
    parted = {way: _parted(cases, by, _ordered if way == "score" else _largest) for way, by in ways.items()}
    unlike = fairness({way: parted[way] for way in FAIR}, as_of)
    return tuple(
        replace(_group(way, key, some, as_of), later=unlike.get(f"later {way} {key}", 0), less=unlike.get(f"less {way} {key}", 0))
        for way, parts in parted.items()
        for key, some in parts.items()
    )  # fmt: skip


Parts = dict[str, list[Case]]


def _parted(cases: Iterable[Case], by: By, order: Callable[[Parts], list[str]]) -> Parts:
    parts: Parts = defaultdict(list)
    for case in cases:
        if key := by(case):
            parts[key].append(case)
    return _put_together({key: parts[key] for key in order(parts)})


def _largest(parts: Parts) -> list[str]:
    return sorted(parts, key=lambda key: (-len(parts[key]), key))


def _ordered(parts: Parts) -> list[str]:
    return [band for band in BANDS if band in parts]


def _put_together(parts: Parts) -> Parts:
    """What is too small to be shown joins the others; where it is all too small, nothing is shown."""
    small = [key for key in parts if len(parts[key]) < LEAST]
    rest = [key for key in parts if key not in small]
    while small and rest and sum(len(parts[key]) for key in small) < LEAST:
        small.append(min(rest, key=lambda key: len(parts[key])))
        rest.remove(small[-1])
    others = [case for key in small for case in parts[key]]
    shown = {key: parts[key] for key in rest}
    return shown | ({OTHERS: others} if len(others) >= LEAST else {})


def _group(by: str, key: str, cases: Sequence[Case], as_of: datetime) -> Group:
    scored = [c.score for c in cases if c.sound and c.scale == "csat" and c.score is not None]
    counts = [scored.count(score) for score in range(1, 6)]
    csat, owed = top_two_box(counts), [c for c in cases if c.owed]
    return Group(
        by, key, len(cases), csat.hits if csat else 0, csat.n if csat else 0,
        len(owed), sum(c.told for c in owed), times(until_outcome(owed, as_of)),
    )  # fmt: skip


def fairness(parted: dict[str, Parts], as_of: datetime) -> dict[str, int]:
    """ "later channel mail" → 1 where they wait longer than all others, −1 where less; only what chance does not explain.

    Each group of at least 30 against the rest of at least 30: the time by the log-rank test, the share by the
    two-proportion z-test. All of it is one family, corrected by Holm's method.
    """
    found: dict[str, tuple[float, float]] = {}
    for way, parts in parted.items():
        for key, some in _compared(parts):
            mine = [case for case in some if case.owed]
            rest = [case for other, those in parts.items() if other != key for case in those if case.owed]
            if min(len(mine), len(rest)) >= ENOUGH:
                found |= _against(f"{way} {key}", mine, rest, as_of)
    real = holm({name: chance for name, (_z, chance) in found.items()})
    return {
        name: 1 if found[name][0] > 0 else -1
        for name, chance in real.items()
        if chance < ALMOST_SURELY_CHANCE
    }


def _compared(parts: Parts) -> list[tuple[str, list[Case]]]:
    """Two groups are one comparison: the second follows from the first."""
    named = [(key, some) for key, some in parts.items() if key != OTHERS]
    return named[:1] if len(parts) == 2 else named


def _against(
    name: str, mine: Sequence[Case], rest: Sequence[Case], as_of: datetime
) -> dict[str, tuple[float, float]]:
    waits, told = slower(until_outcome(mine, as_of), until_outcome(rest, as_of)), fewer(mine, rest)
    tests = ((f"later {name}", waits), (f"less {name}", told))
    return {test: outcome for test, outcome in tests if outcome}


def fewer(mine: Sequence[Case], rest: Sequence[Case]) -> tuple[float, float] | None:
    """(how many fewer of these were told, in standard errors; how often chance alone does that)."""
    told, all_told, n, m = (
        sum(c.told for c in mine),
        sum(c.told for c in (*mine, *rest)),
        len(mine),
        len(rest),
    )
    share = all_told / (n + m)
    if min(n, m) * min(share, 1 - share) < SPARSE:
        return None
    z = ((all_told - told) / m - told / n) / (share * (1 - share) * (1 / n + 1 / m)) ** 0.5
    return z, two_sided(z)
