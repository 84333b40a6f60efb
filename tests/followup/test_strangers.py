"""Whoever types a stranger's address cannot put words into what that stranger gets from us."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from customers.recognising import Contact
from followup.composing import compose_due
from followup.no_news import compose_no_news
from followup.receipts import compose_receipts
from outbox.models import Message
from surveys.answering import Submission, submit
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import decided, opened_survey, settled

WORDS = "Cheap pills at spam.example"


@pytest.fixture
def response(people: Cast, now: datetime) -> Response:
    with writing():
        sent = Submission(
            {"csat": (1, None), "comment": (None, WORDS)},
            "en",
            "a page",
            Contact(WORDS, "victim@example.com"),
        )
        return submit(opened_survey(people, now), sent, now)


def last_message() -> Message:
    return db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()


def test_a_receipt_carries_nothing_they_typed(response: Response, now: datetime) -> None:
    compose_receipts(now)
    message = last_message()
    assert message.recipient == "victim@example.com"
    assert "pills" not in message.recipient_name + message.subject + message.text + message.html


def test_no_news_carries_nothing_either(response: Response) -> None:
    assert compose_no_news(datetime.fromisoformat("2026-11-30T14:30+01:00")) == 1
    message = last_message()
    assert "pills" not in message.recipient_name + message.subject + message.text + message.html


def test_once_a_person_has_read_and_acted_they_are_addressed_and_quoted(
    people: Cast, response: Response, now: datetime
) -> None:
    with writing():
        settled(response, decided(people, now), now)
    compose_due(now)
    assert last_message().recipient_name == WORDS
    assert f"> {WORDS}" in last_message().text
