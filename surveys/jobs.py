"""What the clock does about surveys: invites, writes, reminds the silent once, and forgets what nobody went on with."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from outbox.models import Message
from surveys.invitations.invited import OPEN_FOR
from surveys.invitations.inviting import finish
from surveys.invitations.models import Invitation, InvitationList
from surveys.invitations.sending import invite_some, remind, write_some
from surveys.models import Survey
from surveys.partial.unfinished import forget_old

SILENT_FOR = timedelta(days=7)
LATEST = OPEN_FOR - timedelta(days=1)
"""A reminder leaves a day to answer."""
KEPT_FOR = timedelta(days=1)


def send_invitations(now: datetime) -> int:
    """Make what was released into invitations, and mail those whose time has come; returns how many it dealt with."""
    _forget_unconfirmed(now)
    open_lists = InvitationList.released_at.is_not(None), InvitationList.finished_at.is_(None)
    ids = db.session.scalars(select(InvitationList.id).where(*open_lists).order_by(InvitationList.id)).all()
    made = sum(_until_done(lambda id=id: invite_some(id, now)) for id in ids)  # type: ignore[misc]
    return made + (_until_done(lambda: write_some(now)) if _any_to_write(now) else 0)


def _until_done(some: Callable[[], int]) -> int:
    """A batch a transaction, so that nobody else waits long."""
    done = 0
    while more := _once(some):
        done += more
    return done


def _once(some: Callable[[], int]) -> int:
    try:
        with writing():
            return some()
    except IntegrityError:
        return 0  # another clock is at it


def _any_to_write(now: datetime) -> bool:
    due = Invitation.written_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.send_at <= now
    return db.session.scalar(select(Invitation.id).where(*due).limit(1)) is not None


def _forget_unconfirmed(now: datetime) -> None:
    left = (
        InvitationList.confirmed_at.is_(None),
        InvitationList.finished_at.is_(None),
        InvitationList.made_at < now - KEPT_FOR,
    )
    if not db.session.scalar(select(InvitationList.id).where(*left).limit(1)):
        return
    with writing():
        for drawn in db.session.scalars(select(InvitationList).where(*left)):
            finish(drawn, now)


def remind_the_silent(now: datetime) -> int:
    """A week after the mail arrived, once, to who has not answered; returns how many were reminded."""
    silent = _silent(now)
    query = select(Invitation.id).join(Message, Message.id == Invitation.message_id).where(silent)
    found = db.session.scalars(
        query.join(Survey, Survey.id == Invitation.survey_id).where(Survey.is_open)
    ).all()
    return sum(_once(lambda id=id: remind(id, silent, now)) for id in sorted(found))  # type: ignore[misc]


def _silent(now: datetime) -> ColumnElement[bool]:
    arrived = and_(Message.state == "sent", Message.sent_at <= now - SILENT_FOR)
    unanswered = and_(Invitation.answered_on.is_(None), Invitation.withdrawn_at.is_(None))
    in_time = Invitation.written_at > now - LATEST, Invitation.written_at <= now - SILENT_FOR
    return and_(Invitation.reminded_at.is_(None), unanswered, arrived, *in_time)


def forget_unfinished(now: datetime) -> int:
    """What nobody went on with is gone after the time that its page names."""
    with writing():
        return forget_old(now)
