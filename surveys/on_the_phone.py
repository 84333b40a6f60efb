"""What a customer said on the phone, typed by a colleague: an answer like any other, with who typed it beside it."""

from datetime import datetime

from flask_babel import gettext as _

from core import audit
from core.access import own
from core.db import db
from core.errors import Conflict
from core.models import Event
from surveys.answering import Submission, by_nonce, closed_sentence, submit
from surveys.models import Survey
from surveys.models_responses import Response

SOURCE, TYPED = "phone", "response.typed"


def type_in(survey: Survey, said: Submission, now: datetime) -> Response:
    """Once: the same page sent again gives what it gave before. Conflict where nobody can be asked."""
    if earlier := by_nonce(survey, said.nonce):
        return earlier
    if sentence := why_not(survey):
        raise Conflict(sentence)
    response = submit(survey, said, now)
    audit.record(TYPED, response, now)
    return response


def why_not(survey: Survey) -> str:
    """Why nobody can be asked on the phone; empty where they can. Who speaks with somebody knows who it is."""
    if not survey.is_open:
        return closed_sentence(survey)
    if survey.anonymous:
        return _(
            "This survey is anonymous, and you know who you are speaking with. Tell them its address, so that they can answer by themselves."
        )
    return ""


def typed_by(response: Response) -> str:
    """The colleague who typed it; empty where nobody did."""
    if response.source != SOURCE:
        return ""
    typed = own(Event).where(
        Event.subject_type == "response", Event.subject_id == response.id, Event.verb == TYPED
    )
    event = db.session.scalar(typed)
    return event.actor if event else ""
