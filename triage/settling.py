"""Say what was done about comments: choose an action or write one, and tag them all with it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.db import db
from triage.acting import Decision, decide
from triage.models import Action, Comment, Tag
from triage.tagging import tag


def settle(
    comments: Iterable[Comment],
    choice: Action | Decision,
    by_id: int | None,
    hold: timedelta,
    today: date,
    now: datetime,
) -> list[Tag]:
    """The tags that were made; comments that have this action already are left as they are."""
    comments = list(comments)
    return tag(comments, chosen(comments, choice, today, now), by_id, hold, now)


def chosen(comments: list[Comment], choice: Action | Decision, today: date, now: datetime) -> Action:
    """The action itself: written down now, where it is a new one."""
    action = (
        decide(comments[0].organisation_id, choice, today, now) if isinstance(choice, Decision) else choice
    )
    db.session.flush()
    return action


def together(one: Tag) -> list[Tag]:
    """The tags made in the same moment with the same action: what one click did, one click can undo."""
    query = select(Tag).where(
        Tag.action_id == one.action_id, Tag.tagged_at == one.tagged_at, Tag.withdrawn_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Tag.id)))
