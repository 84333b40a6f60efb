"""Who was asked: each invitation with what became of it, derived from its own facts and from those of its mail."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from core.db import Rows, db
from customers.models import Customer, Identity
from outbox.models import LOST, Message
from outbox.suppressing import blocked
from surveys.invitations.models import Invitation, InvitationList
from surveys.models import Survey

STATES = ("answered", "silent", "unreachable", "on_its_way", "uncertain", "later", "taken_back")
DELIVERED = ("answered", "silent")
AGAIN = ("silent", "unreachable", "uncertain")
"""States in which somebody may be asked again by hand."""
PAGE = 50
LATELY = timedelta(days=7)
"""How long a list that was refused stands there."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many invitations are in each state."""

    by_state: dict[str, int]

    @property
    def asked(self) -> int:
        return sum(self.by_state.values())

    @property
    def delivered(self) -> int:
        """Their mail arrived, or they answered by it."""
        return sum(self.by_state[state] for state in DELIVERED)

    @property
    def rate(self) -> float | None:
        """Answers ÷ delivered invitations; None while none was delivered."""
        return self.by_state["answered"] / self.delivered if self.delivered else None


@dataclass(frozen=True, slots=True)
class Line:
    """One person; `why` they could not be reached: a reason of ours, or the words of a mail server."""

    id: int
    name: str
    mail: str
    state: str
    send_at: datetime
    written_at: datetime | None
    reminded: bool
    answered_on: date | None
    response_id: int | None
    blocked: str
    reply: str

    @property
    def may_be_asked_again(self) -> bool:
        return self.state in AGAIN and not self.blocked


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    next: int | None


def state_sql() -> ColumnElement[str]:
    """An answer proves that the mail arrived, whatever became known of it."""
    return case(
        (Invitation.answered_on.is_not(None), "answered"),
        (Invitation.withdrawn_at.is_not(None), "taken_back"),
        (Invitation.written_at.is_(None), "later"),
        (Message.state == "sent", "silent"),
        (Message.state == "unknown", "uncertain"),
        (and_(Message.state.not_in((*LOST, "cancelled")), Message.id.is_not(None)), "on_its_way"),
        else_="unreachable",
    )


def counts(survey: Survey) -> Counts:
    state = state_sql().label("state")
    query = (
        select(state, func.count())
        .select_from(Invitation)
        .outerjoin(Message, Message.id == Invitation.message_id)
    )
    found = db.session.execute(query.where(Invitation.survey_id == survey.id).group_by(state)).all()
    return Counts(dict.fromkeys(STATES, 0) | dict(found))


def page(survey: Survey, state: str, before: int | None) -> Page:
    """Newest first; all of them, or those in one state."""
    query = _lines().where(Invitation.survey_id == survey.id)
    query = query.where(state_sql() == state) if state in STATES else query
    query = query.where(Invitation.id < before) if before else query
    rows = db.session.execute(query.order_by(Invitation.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    left = blocked(survey.organisation_id, [row.value for row in shown if row.value], "survey")
    return Page([_line(row, left) for row in shown], shown[-1].id if len(rows) > PAGE else None)


def _lines() -> Rows:
    return (
        select(
            Invitation.id, Customer.name, Identity.value, state_sql().label("state"), Invitation.send_at, Invitation.written_at,
            Invitation.reminder_id, Invitation.answered_on, Invitation.response_id, Message.server_reply,
        )
        .outerjoin(Message, Message.id == Invitation.message_id)
        .outerjoin(Identity, Identity.id == Invitation.identity_id)
        .outerjoin(Customer, Customer.id == Identity.customer_id)
    )  # fmt: skip


def _line(row, left: dict[str, str]) -> Line:  # type: ignore[no-untyped-def]
    return Line(
        id=row.id, name=row.name or "", mail=row.value or "", state=row.state, send_at=row.send_at, written_at=row.written_at,
        reminded=row.reminder_id is not None, answered_on=row.answered_on, response_id=row.response_id,
        blocked=left.get(row.value, ""), reply=row.server_reply or "" if row.state == "unreachable" else "",
    )  # fmt: skip


def open_lists(survey: Survey, now: datetime) -> list[InvitationList]:
    """Those that are not done with, and what a manager refused lately: whoever asked finds why. Newest first."""
    to_read = or_(InvitationList.finished_at.is_(None), InvitationList.refused_at > now - LATELY)
    unfinished = InvitationList.survey_id == survey.id, to_read
    return list(
        db.session.scalars(
            select(InvitationList).where(*unfinished).order_by(InvitationList.id.desc()).limit(20)
        )
    )
