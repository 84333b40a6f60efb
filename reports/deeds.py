"""The part of a report that says how well the loop was closed: the ring, the ledger, the word, the deed, the verdict.

Every number is a count of people (responses) unless its name says otherwise. Days are local dates.
"""

from dataclasses import dataclass
from datetime import date

from reports import statistics


@dataclass(frozen=True, slots=True)
class Count:
    """How many, by a key such as `done`, `bounced` or `declined`; wording.py has its words."""

    key: str
    n: int


@dataclass(frozen=True, slots=True)
class Loop:
    """The ring: of `n` people, how many were heard, acted for, told, and agreed that it is solved."""

    n: int
    heard: int
    acted: int
    told: int
    agreed: int

    @property
    def people(self) -> tuple[int, ...]:
        return (self.heard, self.acted, self.told, self.agreed)

    @property
    def shares(self) -> tuple[float, ...]:
        return tuple(people / self.n if self.n else 0.0 for people in self.people)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Law 1: every response is told, promised or unreachable (by reason). `changed`: told that something changed.

    `gone`: messages whose row was deleted, so that nobody can show any more that they were sent.
    """

    responses: int
    told: int
    promised: int
    unreachable: tuple[Count, ...]
    told_how: tuple[Count, ...]
    changed: int
    planned: int = 0
    """of those promised: who heard of a plan, and is owed its outcome; counted in `changed` too"""
    gone: int = 0

    @property
    def out_of_reach(self) -> int:
        return sum(count.n for count in self.unreachable)

    @property
    def missing(self) -> int:
        """Responses the record does not account for; negative where it counts some twice."""
        return self.responses - self.told - self.promised - self.out_of_reach

    @property
    def adds_up(self) -> bool:
        return self.missing == 0 and self.gone == 0


@dataclass(frozen=True, slots=True)
class Word:
    """Did we write by the date? Promises due in the period, and those still `open` at its end."""

    kept: int
    late: int
    moved: int
    broken: int
    open: int

    @property
    def due(self) -> int:
        return self.kept + self.late + self.moved + self.broken


@dataclass(frozen=True, slots=True)
class Miss:
    """A date that was not met: what, who, the first date told, when it was done (None: not yet), for how many people."""

    what: str
    who: str
    promised: date
    done: date | None
    days: int
    warned: bool
    people: int


@dataclass(frozen=True, slots=True)
class Deed:
    """Was it done by the *first* date this person was told? Counts people's dates; `days_late` holds every miss."""

    early: int
    kept: int
    warned: int
    broken: int
    open: int
    days_late: tuple[int, ...] = ()
    misses: tuple[Miss, ...] = ()

    @property
    def met(self) -> int:
        return self.early + self.kept

    @property
    def judged(self) -> int:
        return self.met + self.warned + self.broken

    @property
    def median_days_late(self) -> float | None:
        return statistics.median(self.days_late)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What people said of what they were told; `silent` said nothing about it being solved."""

    clear: int
    not_clear: int
    solved: int
    not_solved: int
    silent: int
