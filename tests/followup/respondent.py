"""A respondent at their own page."""

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select

from core import links
from core.db import db, writing
from followup.composing import compose_due
from outbox.models import Message
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, decided, settled
from tests.pages import Page, get


def new(survey: Survey, now: datetime, comment: str = "The box was torn.", **values: object) -> Response:
    with writing():
        return answered(survey, now, comment, **values)


def page_of(client: FlaskClient, response: Response) -> Page:
    return get(client, links.path("status", response.id, response.link_version))


def sent(now: datetime) -> None:
    """Everything that waits has arrived."""
    with writing():
        for message in db.session.scalars(select(Message).where(Message.state == "queued")):
            message.state, message.sent_at = "sent", now


def told(people: Cast, response: Response, now: datetime, kind: str = "done", **values: object) -> None:
    with writing():
        settled(response, decided(people, now, kind, **values), now)
    assert compose_due(now) == 1
    sent(now)
