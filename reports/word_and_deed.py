"""The word and the deed, two records that are never added together.

The word: did we write by the date? The deed: was it done by the *first* date this respondent was told? A date
that was moved is never kept, what is told automatically is never a deed. The same rule stands in
`word_and_deed_sql.py`; a test holds them together.
"""

from dataclasses import dataclass
from datetime import date, datetime

NOT_AN_ANSWER = ("no_news", "default", "moved", "receipt", "progress")
"""Words that say nothing of what was done or decided."""
DEEDS = ("early", "kept", "warned", "broken", "open")
WORDS = ("kept", "late", "moved", "broken", "open")


@dataclass(frozen=True, slots=True)
class Owed:
    """One promise, how it ended, and when its last message said so."""

    kind: str
    due_at: datetime
    ended_as: str | None
    how: str | None
    said_at: datetime | None
    state: str | None
    channel: str | None

    def said_by(self, as_of: datetime) -> bool:
        arrived = self.channel == "page" or self.state == "sent"
        return self.ended_as == "told" and arrived and self.said_at is not None and self.said_at <= as_of


def word(owed: Owed, as_of: datetime) -> str:
    """kept, late, moved, broken or open, as it stood at `as_of`; cancelled ones count nowhere."""
    if owed.ended_as in {"moved", "cancelled"}:
        return owed.ended_as
    if not owed.said_by(as_of):
        return "open" if owed.due_at > as_of else "broken"
    if owed.kind == "outcome" and owed.how in NOT_AN_ANSWER:
        return "broken"
    return "kept" if owed.said_at and owed.said_at <= owed.due_at else "late"


@dataclass(frozen=True, slots=True)
class Dated:
    """The first date one person was told about one plan. `warned`: a later word took it back before it passed."""

    due: date
    done: date | None
    warned: bool
    withdrawn: bool = False


def deed(dated: Dated, today: date) -> str:
    """early, kept, warned (late, but they heard so in time), broken or open, as it stands on `today`."""
    if dated.done and dated.done <= min(dated.due, today):
        return "early" if dated.done < dated.due else "kept"
    if dated.due >= today and not _is_done(dated, today):
        return "open"
    return "warned" if dated.warned else "broken"


def days_late(dated: Dated, today: date) -> int:
    """Days after the first date, so far when it is not done; none for what was called off in time."""
    if dated.withdrawn and dated.warned:
        return 0
    until = dated.done if dated.done and _is_done(dated, today) else today
    return max(0, (until - dated.due).days)


def _is_done(dated: Dated, today: date) -> bool:
    return dated.done is not None and dated.done <= today
