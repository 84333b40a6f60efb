"""One answer and what became of it: what the figures of speed, groups, feelings and fairness are counted from."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from reports.durations import Took

BANDS = ("low", "middle", "high")
BOUNDS = {"csat": (2, 3), "nps": (6, 8), "ces": (3, 4), "rating": (2, 3)}
"""kind of scale → the highest score that is low, and that is in the middle"""
BETTER = {"impatient": 0, "frustrated": 0, "angry": 0, "disappointed": 0, "worried": 0, "neutral": 1, "happy": 2, "grateful": 2}  # fmt: skip
MINUTE, TO_THE_MINUTE = timedelta(minutes=1), 48 * 60


class Case(NamedTuple):
    """As it stood at the end of the period; a tuple, since a million of them are made. `scale`: the kind of the survey's first scale.

    `owed`: we owe them a word, or did. `word_at`: their first word that a person caused; `outcome_at`: when they first
    heard what came of it. `who`: whose it was when they were last told, or whose it is; nobody's later work changes that.
    `thanked`: they were given a code; None where they could not have been.
    """

    id: int
    received_at: datetime
    score: int | None = None
    scale: str = ""
    sound: bool = True
    channel: str = "page"
    came: str = "link"
    language: str = "nl"
    state: str = "promised"
    owed: bool = True
    due_at: datetime | None = None
    word_at: datetime | None = None
    outcome_at: datetime | None = None
    who: str = ""
    felt: str = ""
    feels: str = ""
    closing: str = ""
    reopened: bool = False
    corrected: bool = False
    thanked: bool | None = None

    @property
    def told(self) -> bool:
        return self.state == "told"

    @property
    def band(self) -> str:
        return band(self.scale, self.score)


def band(scale: str, score: int | None) -> str:
    """low, middle or high; empty without a score."""
    if score is None or scale not in BOUNDS:
        return ""
    low, middle = BOUNDS[scale]
    return "low" if score <= low else "middle" if score <= middle else "high"


def until_word(case: Case, as_of: datetime) -> Took:
    """How long they wait for the first word that a person caused."""
    return _took(case.received_at, case.word_at, as_of)


def until_outcome(case: Case, as_of: datetime) -> Took:
    """How long they wait until they hear what came of it."""
    return _took(case.received_at, case.outcome_at, as_of)


def _took(since: datetime, at: datetime | None, as_of: datetime) -> Took:
    """To the minute for two days, then to the hour, as it is read: so there are thousands of different waits, never a million."""
    over = at is not None and at <= as_of
    minutes = max(timedelta(), (at if at and over else as_of) - since) // MINUTE
    return _shared(minutes if minutes < TO_THE_MINUTE else minutes - minutes % 60, over)


@lru_cache(maxsize=1 << 15)
def _shared(minutes: int, over: bool) -> Took:
    """One object for all who waited so long."""
    return Took(minutes / 60, over)
