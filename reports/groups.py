"""The same figures by channel, language, score and colleague; and whether a difference is more than chance.

Nobody's figures can be read from a small group: whatever has fewer than `LEAST` people is added up as "others", and
where those together are too few as well, the smallest other group joins them, so that nothing is found by subtraction.
"""

from dataclasses import dataclass, replace
from typing import Any

from reports.cases import BANDS
from reports.durations import NOBODY, Times, slower, times
from reports.estimates import holm, two_sided
from reports.statistics import ENOUGH, Share, share, top_two_box
from reports.tallies import Parted, People, Tally, together

LEAST = 10
OTHERS = "others"
FAIR = ("channel", "language", "score")
"""By what people may be treated unlike; a colleague has other work than the next."""
TESTS = ("later", "less", "rarer")
SPARSE = 5
"""With fewer expected on any side, a difference of shares is not judged."""
ALMOST_SURELY_CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Group:
    """Of `n` people: how satisfied, how many were told, and how long until they heard what came of it.

    Of the `thankable`, who could be given a code, so many were `thanked`.

    `later`, `less` and `rarer`: they wait longer (or less long, where it is negative), or fewer (or more) of them were told,
    or thanked, than all others, and chance does not explain it; 0 where it may.
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
    thanked: int = 0
    thankable: int = 0
    rarer: int = 0

    @property
    def csat(self) -> Share | None:
        return share(self.satisfied, self.scored)

    @property
    def told_share(self) -> Share | None:
        return share(self.told, self.owed)

    @property
    def thanked_share(self) -> Share | None:
        return share(self.thanked, self.thankable)

    @property
    def unlike(self) -> bool:
        return bool(self.later or self.less or self.rarer)


def groups(counted: Tally) -> tuple[Group, ...]:
    """By channel, by where it came in, by language, by score and by colleague, the largest first within each."""
    parted = {way: _parted(way, parts) for way, parts in counted.parts.items()}
    unlike = fairness({way: parted[way] for way in FAIR})
    return tuple(
        replace(_group(way, key, part), **_flags(unlike, f"{way} {key}"))
        for way, parts in parted.items()
        for key, part in parts.items()
    )  # fmt: skip


def _flags(unlike: dict[str, int], name: str) -> dict[str, Any]:
    return {test: unlike.get(f"{test} {name}", 0) for test in TESTS}


def _parted(way: str, parts: Parted) -> Parted:
    order = _ordered(parts) if way == "score" else _largest(parts)
    return _put_together({key: parts[key] for key in order})


def _largest(parts: Parted) -> list[str]:
    return sorted(parts, key=lambda key: (-parts[key].n, key))


def _ordered(parts: Parted) -> list[str]:
    return [band for band in BANDS if band in parts]


def _put_together(parts: Parted) -> Parted:
    """What is too small to be shown joins the others; where it is all too small, nothing is shown."""
    small = [key for key in parts if parts[key].n < LEAST]
    rest = [key for key in parts if key not in small]
    while small and rest and sum(parts[key].n for key in small) < LEAST:
        small.append(min(rest, key=lambda key: parts[key].n))
        rest.remove(small[-1])
    others = together(parts[key] for key in small)
    shown = {key: parts[key] for key in rest}
    return shown | ({OTHERS: others} if others.n >= LEAST else {})


def _group(by: str, key: str, part: People) -> Group:
    csat = top_two_box([part.scores[score] for score in range(1, 6)])
    return Group(
        by, key, part.n, csat.hits if csat else 0, csat.n if csat else 0, part.owed, part.told, times(part.waits),
        thanked=part.thanked, thankable=part.thankable,
    )  # fmt: skip


def fairness(parted: dict[str, Parted]) -> dict[str, int]:
    """ "later channel mail" → 1 where they wait longer than all others, −1 where less; only what chance does not explain.

    Each group of at least 30 against the rest of at least 30: the time by the log-rank test, the shares told and thanked by
    the two-proportion z-test. All of it is one family, corrected by Holm's method.
    """
    found: dict[str, tuple[float, float]] = {}
    for way, parts in parted.items():
        for key, mine in _compared(parts):
            rest = together(part for other, part in parts.items() if other != key)
            found |= _against(f"{way} {key}", mine, rest)
    real = holm({name: chance for name, (_z, chance) in found.items()})
    return {
        name: 1 if found[name][0] > 0 else -1
        for name, chance in real.items()
        if chance < ALMOST_SURELY_CHANCE
    }


def _compared(parts: Parted) -> list[tuple[str, People]]:
    """Two groups are one comparison: the second follows from the first."""
    named = [(key, part) for key, part in parts.items() if key != OTHERS]
    return named[:1] if len(parts) == 2 else named


def _against(name: str, mine: People, rest: People) -> dict[str, tuple[float, float]]:
    tests: list[tuple[str, tuple[float, float] | None]] = []
    if min(mine.owed, rest.owed) >= ENOUGH:
        tests += [
            ("later", slower(mine.waits, rest.waits)),
            ("less", fewer((mine.told, mine.owed), (rest.told, rest.owed))),
        ]
    if min(mine.thankable, rest.thankable) >= ENOUGH:
        tests.append(("rarer", fewer((mine.thanked, mine.thankable), (rest.thanked, rest.thankable))))
    return {f"{test} {name}": outcome for test, outcome in tests if outcome}


def fewer(mine: tuple[int, int], rest: tuple[int, int]) -> tuple[float, float] | None:
    """Of (how many, of so many) people each: (how many fewer of these, in standard errors; how often chance alone does that)."""
    (hits, n), (others, m) = mine, rest
    found, of = hits + others, n + m
    if min(n, m) * min(found, of - found) < SPARSE * of:
        return None
    share = found / of
    z = (others / m - hits / n) / (share * (1 - share) * (1 / n + 1 / m)) ** 0.5
    return z, two_sided(z)
