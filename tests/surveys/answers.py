"""What customers do at /s/<slug>, and what came of it."""

from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db
from surveys.builder.building import Draft
from surveys.models_responses import Response
from tests.pages import Page, get, send

ALL_KINDS = (
    Draft("csat", "csat", {"nl": "Hoe tevreden bent u?", "en": "How satisfied are you?"}, required=True),
    Draft("nps", "nps", {"nl": "Beveelt u ons aan?", "en": "Would you recommend us?"}),
    Draft("feel", "emotion", {"nl": "Hoe voelt u zich?", "en": "How do you feel about it?"}),
    Draft("kept", "yes_no", {"nl": "Kwam het?", "en": "Did it arrive?"}),
    Draft("about", "single_choice", {"en": "What about?"}, options={"choices": [
        {"key": "1", "words": {"en": "The box"}}, {"key": "2", "words": {"en": "The courier"}}]}),
    Draft("order", "short_text", {"en": "Order number"}),
    Draft("comment", "long_text", {"nl": "Waarom?", "en": "Why?"}),
    Draft("contact", "contact", {"nl": "Wie bent u?", "en": "Who are you?"}),
)  # fmt: skip


def responses() -> list[Response]:
    return list(db.session.scalars(select(Response).order_by(Response.id)))


def opened(client: FlaskClient, path: str = "/s/bestelling") -> Page:
    return get(client, path)


def values(response: Response) -> dict[str, float | str | None]:
    return {a.question.key: a.number if a.number is not None else a.text for a in response.answers}


def refused(client: FlaskClient, path: str = "/s/bestelling", **typed: str) -> Page:
    page = Page(send(client, opened(client, path), **typed))
    assert page.status == 422
    assert responses() == [], "nothing half-written"
    assert "Nothing of what you wrote is lost" in page.words
    return page
