"""A text answer becomes work; what respondents say later opens it again."""

from datetime import datetime

from sqlalchemy import select

from core import audit
from core.db import db
from surveys.models import COMMENT_KINDS, Answer, Response
from triage.models import Comment


def on_response(response: Response, now: datetime) -> None:
    """One comment for each answer in the customer's own words; a test or history is no work."""
    if response.is_test or response.history:
        return
    db.session.add_all(
        comment_on(a, now) for a in response.answers if a.question.kind in COMMENT_KINDS and a.text
    )
    db.session.flush()


def comment_on(answer: Answer, now: datetime) -> Comment:
    return Comment(
        organisation_id=answer.response.organisation_id,
        response=answer.response,
        answer=answer,
        created_at=now,
    )


def _bare(response: Response, now: datetime) -> Comment:
    comment = Comment(organisation_id=response.organisation_id, response=response, created_at=now)
    db.session.add(comment)
    return comment


def comments_of(response: Response) -> list[Comment]:
    return list(
        db.session.scalars(select(Comment).where(Comment.response_id == response.id).order_by(Comment.id))
    )


def reopen(response: Response, because: str, now: datetime) -> None:
    """All of it is work again: what was told did not do. A bare score becomes work now."""
    for comment in comments_of(response) or [_bare(response, now)]:
        comment.reopened_at = now
        audit.record("comment.reopened", comment, now, because=because)
