"""A promise as staff read it: what, who, when, by which channel, and how far off it is."""

from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from promises.models import Promise


@dataclass(frozen=True, slots=True)
class Line:
    """`days` until it is due (negative: late); `time` only for a promise in hours."""

    id: int
    response_id: int
    name: str
    """Of the respondent; empty for somebody without a name."""
    survey: dict[str, str]
    kind: str
    because: str
    who: str
    channel: str
    due_on: date
    time: str
    days: int
    overdue: bool
    moves: int
    reason: str
    opened_on: date
    ended_as: str
    ended_on: date | None


def line(promise: Promise, now: datetime, timezone: str) -> Line:
    response, local = promise.response, clock.local(promise.due_at, timezone)
    due_on = promise.due_on or local.date()
    return Line(
        id=promise.id, response_id=response.id, name=response.customer.name if response.customer else "",
        survey=response.survey.title, kind=promise.kind, because=promise.because, who=promise.who.name, channel=promise.channel,
        due_on=due_on, time="" if promise.due_on else local.strftime("%H:%M"), days=(due_on - clock.local_date(now, timezone)).days,
        overdue=promise.is_late(now), moves=promise.moves, reason=promise.reason,
        opened_on=clock.local_date(promise.opened_at, timezone), ended_as=promise.ended_as or "",
        ended_on=clock.local_date(promise.ended_at, timezone) if promise.ended_at else None,
    )  # fmt: skip
