"""What a report says, as plain facts: the one source for the PDF, the page, the CSV and the API.

Every number is a count of people (responses) unless its name says otherwise. Days are local dates.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from reports import statistics
from reports.deeds import Deed, Ledger, Loop, Verdicts, Word
from reports.groups import Group
from reports.measures import Aftermath, Rates, Scale, Speed
from reports.moods.feelings import Feelings
from reports.moods.moods import Moods
from reports.narrowing import EVERYBODY, Narrowed
from reports.statistics import Difference, Share


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose report, over what. `data_at` is the moment of the newest fact in it, None without any."""

    organisation: str
    survey: str
    first: date
    last: date
    timezone: str
    accent: str
    data_at: datetime | None
    only: Narrowed = EVERYBODY
    logo: str = ""
    """SHA-256 of the organisation's picture as it was then."""


@dataclass(frozen=True, slots=True)
class Month:
    """The numbers of scores 1, 2, 3, 4 and 5 given in the month that begins on `first`."""

    first: date
    scores: tuple[int, ...]

    @property
    def csat(self) -> Share | None:
        return statistics.top_two_box(self.scores)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The numbers of scores 1, 2, 3, 4 and 5 in the period, in the period before, and by month (oldest first)."""

    scores: tuple[int, ...]
    before: tuple[int, ...]
    months: tuple[Month, ...]

    @property
    def csat(self) -> Share | None:
        return statistics.top_two_box(self.scores)

    @property
    def change(self) -> Difference | None:
        """CSAT against the period before; None where either has fewer than 30 scores."""
        now, then = self.csat, statistics.top_two_box(self.before)
        if not (now and then and now.enough and then.enough):
            return None
        return statistics.difference(now, then)


@dataclass(frozen=True, slots=True)
class Answered:
    """What was done about a theme: the kind of action, its public words, its day where it has one."""

    kind: str
    words: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Theme:
    """What comments were about: how many, the mean score given with them (None without), what was done.

    `before`: as many in the period before. `trend`: 1 where its share of all comments grew by more than chance explains,
    −1 where it shrank so, 0 where that may be chance; None where either period has too few comments.
    """

    name: str
    n: int
    mean: float | None
    answered: tuple[Answered, ...]
    before: int = 0
    trend: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A customer's own words, and what they were told. `cut`: more was written than is shown here."""

    words: str
    score: int | None
    day: date
    language: str
    answer: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Verbatims:
    """The words shown, and exactly how many comments are left out; the newest of all stand in the attached CSV."""

    shown: tuple[Verbatim, ...]
    left_out: int

    @property
    def total(self) -> int:
        return len(self.shown) + self.left_out


@dataclass(frozen=True, slots=True)
class Figures:
    scope: Scope
    satisfaction: Satisfaction
    loop: Loop
    ledger: Ledger
    word: Word
    deed: Deed
    verdicts: Verdicts
    themes: tuple[Theme, ...]
    verbatims: Verbatims
    rates: Rates | None = None
    scales: tuple[Scale, ...] = ()
    speed: Speed | None = None
    aftermath: Aftermath | None = None
    feelings: Feelings | None = None
    groups: tuple[Group, ...] = ()
    moods: Moods | None = None
    """Reports from before these were counted have none of them."""

    @property
    def nothing(self) -> bool:
        """Nobody answered, nothing fell due and nothing is ahead: one page says so."""
        return not (
            self.ledger.responses or self.deed.judged or self.deed.open or self.word.due or self.word.open
        )


def frozen(figures: Figures) -> dict[str, Any]:
    """As JSON keeps it."""
    kept: dict[str, Any] = TypeAdapter(Figures).dump_python(figures, mode="json")
    return kept


def thawed(kept: dict[str, Any]) -> Figures:
    """What `frozen` kept; pydantic.ValidationError where that is not a report's figures."""
    return TypeAdapter(Figures).validate_python(kept)
