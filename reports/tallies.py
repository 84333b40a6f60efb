"""What a report keeps of its cases: counts, and never a case, so that a million need no more room than some thousands."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from reports.cases import Case, until_outcome, until_word
from reports.durations import Took, Waits


@dataclass(slots=True)
class People:
    """`n` people: the scores they gave on the scale of satisfaction, and of those we owe a word how many were `told`
    and how long each waits until they hear what came of it; of those who could be `thanked` with a code, how many were."""

    n: int = 0
    told: int = 0
    scores: Counter[int] = field(default_factory=Counter)
    waits: Waits = field(default_factory=Counter)
    thanked: int = 0
    thankable: int = 0

    @property
    def owed(self) -> int:
        return self.waits.total()

    def add(self, score: int | None, waits: Took | None, told: bool, thanked: bool | None) -> None:
        self.n += 1
        if thanked is not None:
            self.thankable += 1
            self.thanked += thanked
        if score is not None:
            self.scores[score] += 1
        if waits:
            self.waits[waits] += 1
            self.told += told


def together(parts: Iterable[People]) -> People:
    """These people as one group."""
    whole = People()
    for part in parts:
        whole.n, whole.told = whole.n + part.n, whole.told + part.told
        whole.thanked, whole.thankable = whole.thanked + part.thanked, whole.thankable + part.thankable
        whole.scores.update(part.scores)
        whole.waits.update(part.waits)
    return whole


Parted = dict[str, People]
"""Whom we know one thing of → these people."""


@dataclass(slots=True)
class Tally:
    """`words` and `outcomes`: how long those who are owed a word wait. `feelings`: (as they wrote, after they heard) → people.

    `parts`: by channel, by where it came in, by language, by score and by colleague.
    """

    words: Waits = field(default_factory=Counter)
    outcomes: Waits = field(default_factory=Counter)
    due: int = 0
    in_time: int = 0
    closed: Counter[str] = field(default_factory=Counter)
    reopened: int = 0
    corrected: int = 0
    feelings: Counter[tuple[str, str]] = field(default_factory=Counter)
    parts: dict[str, Parted] = field(
        default_factory=lambda: {
            way: defaultdict(People) for way in ("channel", "came", "language", "score", "who")
        }
    )


def tally(cases: Iterable[Case], as_of: datetime) -> Tally:
    """Each case is looked at once, and forgotten."""
    counted = Tally()
    for case in cases:
        outcome = _wait(counted, case, as_of) if case.owed else None
        _end(counted, case)
        _stand(counted, case, outcome)
    return counted


def waits(cases: Iterable[Case], as_of: datetime) -> Tally:
    """Only how long they wait: all that is asked of the period before."""
    counted = Tally()
    for case in cases:
        if case.owed:
            _wait(counted, case, as_of)
    return counted


def _wait(counted: Tally, case: Case, as_of: datetime) -> Took:
    """Counted; and how long they wait until they hear what came of it."""
    outcome = until_outcome(case, as_of)
    counted.words[until_word(case, as_of)] += 1
    counted.outcomes[outcome] += 1
    if case.due_at and case.due_at <= as_of:
        counted.due += 1
        counted.in_time += case.word_at is not None and case.word_at <= case.due_at
    return outcome


def _end(counted: Tally, case: Case) -> None:
    counted.closed[case.closing] += 1
    counted.reopened += case.reopened
    counted.corrected += case.corrected
    if case.sound:
        counted.feelings[case.felt, case.feels] += 1


def _stand(counted: Tally, case: Case, waits: Took | None) -> None:
    score = case.score if case.sound and case.scale == "csat" else None
    keys = (case.channel, case.came, case.language, case.band, case.who)
    for parts, key in zip(counted.parts.values(), keys, strict=True):
        if key:
            parts[key].add(score, waits, case.told, case.thanked)
