"""The loop in a few words, for tests that begin somewhere in the middle. Call inside `writing()`."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from core.db import db
from customers.recognising import Contact
from promises.models import Promise
from surveys.answering import Submission, submit
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from triage.acting import Decision, decide
from triage.commenting import comments_of
from triage.models import Action, Tag
from triage.tagging import tag

QUESTIONS = (
    Draft("csat", "csat", {"nl": "Hoe tevreden bent u?", "en": "How satisfied are you?"}, required=True),
    Draft("comment", "long_text", {"nl": "Waarom?", "en": "Why?"}),
    Draft("contact", "contact", {"nl": "Wie bent u?", "en": "Who are you?"}),
)


def opened_survey(people: Cast, now: datetime, slug: str = "bestelling", **values: Any) -> Survey:
    """A CSAT survey of the webshop, signed by Alice with Bob as her deputy, opened a day ago."""
    before = now - timedelta(days=1)
    survey = create_survey(
        people.webshop.id, slug, {"nl": "Uw bestelling", "en": "Your order"}, "nl", people.alice.id, QUESTIONS, before,
        deputy_id=people.bob.id, **values,
    )  # fmt: skip
    open_survey(survey, before)
    return survey


def answered(survey: Survey, now: datetime, comment: str = "The box was torn.", **values: Any) -> Response:
    """An answer by mail address (`email`, Rita's by default), with a comment unless it is empty."""
    email = values.pop("email", "rita@example.com")
    number = db.session.scalar(select(func.count(Response.id)))
    answers: dict[str, tuple[float | None, str | None]] = {"csat": (values.pop("score", 2), None)}
    if comment:
        answers["comment"] = (None, comment)
    sent = Submission(
        answers, values.pop("language", "en"), f"nonce-{number}", Contact("Rita Ritsema", email), **values
    )
    return submit(survey, sent, now)


def decided(people: Cast, now: datetime, kind: str = "done", **values: Any) -> Action:
    """An action of Bob's, with words in Dutch and English."""
    words = values.pop(
        "words", {"nl": "Wij gebruiken nu een stevigere doos.", "en": "We now use a stronger box."}
    )
    values.setdefault("due_on", now.date() + timedelta(days=7) if kind == "planned" else None)
    values.setdefault("reason", "It costs more than it saves." if kind == "wont_do" else "")
    decision = Decision(kind, "Stronger boxes", people.bob.id, words, **values)
    return decide(people.webshop.id, decision, now.date(), now)


def settled(response: Response, action: Action, now: datetime, hold: timedelta = timedelta()) -> list[Tag]:
    """Every comment of the response tagged with the action."""
    return tag(comments_of(response), action, None, hold, now)


def promises_of(response: Response) -> list[Promise]:
    return list(
        db.session.scalars(select(Promise).where(Promise.response_id == response.id).order_by(Promise.id))
    )


def day(text: str) -> date:
    return date.fromisoformat(text)
