"""What a report says of answering, scales, speed and feelings, as plain facts: pure functions of cases and counts.

Every number is a count of people (responses) unless its name says otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.durations import NOBODY, Times, slower, times
from reports.estimates import Mean, change, mean_of
from reports.statistics import ENOUGH, Difference, Promoters, Share, net_promoters, share, top_two_box
from reports.tallies import Tally

ENDS = {"csat": (1, 5), "rating": (1, 5), "ces": (1, 7), "nps": (0, 10), "expectation_gap": (-4, 4)}
CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Rates:
    """Of `delivered` invitations, how many were `answered`; of those who `began` (posted the first page), how many `sent` it.

    `bounced`: invitations that did not arrive, in neither.
    """

    delivered: int
    answered: int
    bounced: int
    began: int
    sent: int
    delivered_before: int = 0
    answered_before: int = 0

    @property
    def response(self) -> Share | None:
        return share(self.answered, self.delivered)

    @property
    def completion(self) -> Share | None:
        return share(min(self.sent, self.began), self.began)

    @property
    def change(self) -> Difference | None:
        return change(self.response, share(self.answered_before, self.delivered_before))


@dataclass(frozen=True, slots=True)
class Scale:
    """One question on a scale: how often each value was given, in the period and in the one before.

    `kind` is csat, rating, ces, nps or expectation_gap. A gap is what somebody got minus what they `expected`, whose
    values are counted apart.
    """

    key: str
    kind: str
    prompt: str
    given: tuple[tuple[int, int], ...]
    before: tuple[tuple[int, int], ...] = ()
    expected: tuple[tuple[int, int], ...] = ()
    experienced: tuple[tuple[int, int], ...] = ()

    @property
    def n(self) -> int:
        return sum(count for _value, count in self.given)

    @property
    def estimate(self) -> Share | Promoters | Mean | None:
        """CSAT: the share of 4 and 5; NPS: points; CES, ratings and gaps: the mean."""
        return estimate(self.kind, self.given)

    @property
    def change(self) -> Difference | None:
        return change(self.estimate, estimate(self.kind, self.before))

    @property
    def means(self) -> tuple[float, float] | None:
        """Of a gap: what was expected, and what was got."""
        both = [mean_of(dict(counts), 1, 5) for counts in (self.expected, self.experienced)]
        return (both[0].value, both[1].value) if both[0] and both[1] else None


def estimate(kind: str, given: Iterable[tuple[int, int]]) -> Share | Promoters | Mean | None:
    counts = dict(given)
    if kind == "csat":
        return top_two_box([counts.get(score, 0) for score in range(1, 6)])
    if kind == "nps":
        bands = ((9, 10), (7, 8), range(7))
        return net_promoters(*(sum(counts.get(score, 0) for score in band) for band in bands))
    return mean_of(counts, *ENDS[kind])


@dataclass(frozen=True, slots=True)
class Speed:
    """How soon people had a first word, and heard what came of it; who waits still counts as not yet.

    `in_time`: those who had their first word by the date they were promised first, of those `due` by now.
    `*_chance`: how often chance alone makes the period before so different; None where either has fewer than 30.
    """

    first_word: Times = NOBODY
    outcome: Times = NOBODY
    first_word_before: Times = NOBODY
    outcome_before: Times = NOBODY
    due: int = 0
    in_time: int = 0
    longer: float = 0.0
    longer_chance: float | None = None
    outcome_longer: float = 0.0
    outcome_chance: float | None = None

    @property
    def kept(self) -> Share | None:
        return share(self.in_time, self.due)


def speed(now: Tally, before: Tally) -> Speed:
    compared = [
        slower(these, those) if min(these.total(), those.total()) >= ENOUGH else None
        for these, those in ((now.words, before.words), (now.outcomes, before.outcomes))
    ]
    longer, chance = compared[0] or (0.0, None)
    outcome_longer, outcome_chance = compared[1] or (0.0, None)
    return Speed(
        times(now.words), times(now.outcomes), times(before.words), times(before.outcomes),
        now.due, now.in_time, longer, chance, outcome_longer, outcome_chance,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aftermath:
    """How loops ended, never added together; how many came back, and how many heard a correction."""

    agreed: int = 0
    not_solved: int = 0
    not_clear: int = 0
    silence: int = 0
    reopened: int = 0
    corrected: int = 0
    waiting: int = 0
    waiting_days: int = 0
    longest: int = 0


def aftermath(counted: Tally, waiting: int, waiting_days: int, longest: int) -> Aftermath:
    """`waiting` people still wait for a word, `waiting_days` full days together; one of them waits `longest`."""
    closed = counted.closed
    return Aftermath(
        closed["agreed"], closed["not_solved"], closed["not_clear"], closed["silence"],
        counted.reopened, counted.corrected, waiting, waiting_days, longest,
    )  # fmt: skip


def is_real(chance: float | None) -> bool:
    """Chance alone does it in fewer than one of twenty."""
    return chance is not None and chance < CHANCE
