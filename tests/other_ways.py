"""People who chose to hear in another way than by mail, and what is due to them. Call inside `writing()`."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.db import db
from customers.recognising import Contact
from outbox.models import Message
from surveys.answering import Submission, submit
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import decided, settled

NUMBER = "+31 43 123 4567"
MOBILE = "+31 6 12345678"
HOME = "Dorpsstraat 1\n6211 AB Maastricht"


def offering(people: Cast, *channels: str) -> None:
    people.webshop.channels = list(channels)
    db.session.flush()


def asked_by(channel: str, survey: Survey, now: datetime, **values: Any) -> Response:
    """Rita's answer, with how she wants to hear and the address for it."""
    given = {"phone": {"phone": NUMBER}, "sms": {"phone": MOBILE}, "letter": {"address": HOME}}[channel]
    contact = Contact("Rita Ritsema", values.pop("email", ""), **given)
    answers: dict[str, tuple[float | None, str | None]] = {"csat": (2, None), "comment": (None, values.pop("comment", "The box was torn."))}  # fmt: skip
    nonce, language = values.pop("nonce", f"nonce by {channel}"), values.pop("language", "en")
    return submit(survey, Submission(answers, language, nonce, contact, channel, **values), now)


def due_to(people: Cast, response: Response, now: datetime) -> None:
    """Everything of it is settled: the next tick tells them."""
    settled(response, decided(people, now), now)


def messages(channel: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.channel == channel).order_by(Message.id)))
