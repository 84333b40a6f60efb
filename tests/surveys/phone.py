"""A colleague on the phone: the page they read from, and what they type."""

from sqlalchemy import select

from core.db import db
from core.models import Event
from surveys.models import Survey
from surveys.on_the_phone import TYPED
from tests.browser import Colleague
from tests.pages import Page, get, send

RITA = {"csat": "2", "comment": "The box was torn.", "contact__email": "rita@example.com"}


def place(survey: Survey, language: str = "en") -> str:
    return f"/surveys/{survey.id}/phone?lang={language}"


def called(colleague: Colleague, survey: Survey, **typed: str) -> Page:
    """Where it leads after what is said was kept."""
    answer = send(colleague, get(colleague, place(survey)), **{**RITA, **typed})
    assert answer.status_code == 303, Page(answer).errors()
    return get(colleague, answer.location)


def as_sent(page: Page) -> dict[str, str]:
    """What is sent from that page by a browser of somebody else, whose session has another token."""
    own = {name: value for name, value in page.form().items() if name != "csrf_token"}
    return own | {name.replace("__", "-"): value for name, value in RITA.items()}


def typed_events() -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.verb == TYPED).order_by(Event.id)))
