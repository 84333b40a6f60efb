"""A text answer becomes work; what respondents say later opens it again."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import audit, rows
from core.db import db
from surveys.models import COMMENT_KINDS
from surveys.models_responses import Answer, Response
from triage import assigning, following, indexing
from triage.assigning import Given
from triage.feeling import threatening
from triage.feeling.suggesting import suggested
from triage.models import EMOTIONS, Comment


def on_response(response: Response, now: datetime) -> None:
    """One comment for each answer in the customer's own words; a test or history is no work."""
    if response.is_test or response.history:
        return
    for answer in response.answers:
        if answer.question.kind in COMMENT_KINDS and answer.text:
            comment_on(response, answer, now)


def comment_on(response: Response, answer: Answer, now: datetime) -> int:
    """The id of the new comment. A threat is nobody's turn: it goes to a manager."""
    values = {"organisation_id": response.organisation_id, "response_id": response.id, "answer_id": answer.id}
    found, felt = threatening.facts(answer.text or "", response, now), _said_to_feel(response)
    to = found.pop("assignee_id", None)
    given = None if found else _given(response, answer.text or "", felt.get("emotion", ""), now)
    to = given.to if given else to
    comment_id = rows.put(Comment, **values, **felt, **found, assignee_id=to, created_at=now)
    indexing.put(comment_id, response, answer.text or "", to)
    if given:
        record_given(response.organisation_id, comment_id, given, now)
    if felt or found:
        following.anew(comment_id)
    if found:
        threatening.record(response.organisation_id, comment_id, found["threat"], now)
    return comment_id


def _given(response: Response, text: str, said: str, now: datetime) -> Given | None:
    return assigning.for_new(response, text, lambda: said or suggested(text, response.language), now)


def record_given(organisation_id: int, comment_id: int, given: Given, now: datetime) -> None:
    audit.record_many("comment.assigned", organisation_id, "comment", [comment_id], now, **given.detail())


def _said_to_feel(response: Response) -> dict[str, Any]:
    """The customer's own word, where the survey asks how they feel: nobody has to guess."""
    asked = (a.text for a in response.answers if a.question.kind == "emotion")
    said = next((word for word in asked if word in EMOTIONS), None)
    return {"emotion": said, "emotion_theirs": True} if said else {}


def _bare(response: Response, now: datetime) -> Comment:
    comment = Comment(organisation_id=response.organisation_id, response=response, created_at=now)
    db.session.add(comment)
    return comment


def comments_of(response: Response) -> list[Comment]:
    return list(
        db.session.scalars(select(Comment).where(Comment.response_id == response.id).order_by(Comment.id))
    )


def on_the_desk(response: Response) -> list[Comment]:
    """Its comments, or what stands on the desk for them."""
    return list(dict.fromkeys(c.complaint or c for c in comments_of(response)))


def reopen(response: Response, because: str, now: datetime) -> None:
    """All of it is work again: what was told did not do. A bare score becomes work now."""
    for comment in comments_of(response) or [_bare(response, now)]:
        comment.reopened_at = now
        audit.record("comment.reopened", comment, now, because=because)
