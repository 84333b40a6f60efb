"""Answers that may be a machine's: a colleague says whose each is. None is ever thrown away."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from core import audit
from core.access import own
from core.database.counting import up_to_many
from core.db import db
from core.errors import DomainError
from surveys.models import Survey
from surveys.models_responses import Response

SHOWN = 100


def say_whose(response: Response, *, genuine: bool, now: datetime) -> None:
    """From now on it stands in the figures, or never does; another colleague may say otherwise later."""
    if not response.suspect_at:
        raise DomainError(_("Nobody took this answer for a machine's."))
    response.genuine_at, response.machine_at = (now, None) if genuine else (None, now)
    audit.record("response.genuine" if genuine else "response.machine", response, now)


def suspects(survey: Survey) -> Sequence[Response]:
    """The newest that nobody decided about, and after those the ones that somebody did."""
    decided = func.coalesce(Response.genuine_at, Response.machine_at)
    query = own(Response).where(Response.survey_id == survey.id, Response.suspect_at.is_not(None))
    newest = query.order_by(decided.is_not(None), Response.id.desc()).limit(SHOWN)
    return db.session.scalars(newest).all()


def undecided(survey: Survey) -> int:
    """How many wait for somebody to say, counted up to many."""
    nobody = Response.genuine_at.is_(None) & Response.machine_at.is_(None) & Response.erased_at.is_(None)
    suspect = select(Response.id).where(Response.survey_id == survey.id, Response.suspect_at.is_not(None))
    return up_to_many(suspect.where(nobody))
