"""A message to one respondent: an action for their comment alone, so that whatever holds for an outcome holds for it."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from core.db import db
from followup.beside import Wish, put_beside
from followup.steps.stepping import Taken, take_tags
from triage.acting import Decision, decide, drafted
from triage.models import Action, Comment
from triage.queries import owner


def title() -> str:
    """For colleagues, who may read it in lists and in reports: no name, and nothing of what was written."""
    return _("Message to one person")


def write_to(
    comment: Comment, decision: Decision, by_id: int | None, wish: Wish, hold_for: timedelta, today: date, now: datetime,
    *, may_approve: bool = False,
) -> Taken:  # fmt: skip
    """The tag that tells it after the hold; none when exactly this was written to them before: a second click says nothing new."""
    db.session.execute(select(Comment.id).where(Comment.id == comment.id).with_for_update())
    if _written_before(comment, decision):
        return Taken(0)
    action = decide(comment.organisation_id, decision, today, now)
    action.comment_id, action.signed_by_id = comment.id, by_id
    taken = take_tags([comment], action, by_id, hold_for, today, now, may_approve=may_approve)
    put_beside(taken.tags, comment, wish)
    return taken


def _written_before(comment: Comment, decision: Decision) -> bool:
    """What holds still, in the same words; what was undone, or said before it came back, may be said again."""
    live = {t.action_id for t in comment.live_tags}
    mine = select(Action).where(Action.comment_id == comment.id, Action.withdrawn_at.is_(None))
    said = [(a.kind, a.public_note, a.reason) for a in db.session.scalars(mine) if a.id in live]
    return (decision.kind, _words(decision), decision.reason.strip()) in said


def _words(decision: Decision) -> dict[str, str]:
    return {language: text.strip() for language, text in decision.public_note.items() if text.strip()}


def unsent(comment: Comment, decision: Decision, by_id: int | None, today: date, now: datetime) -> Action:
    """The message as it would be, not kept: what a preview shows."""
    action = drafted(comment.organisation_id, decision, today, now)
    with db.session.no_autoflush:
        action.comment_id = comment.id
        action.owner, action.signed_by = owner(action.owner_id), owner(by_id) if by_id else None
    return action
