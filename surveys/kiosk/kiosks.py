"""A survey on a tablet that stands on a counter: one person after another answers it, and none learns of the one before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from core import audit, links
from core.db import db
from core.errors import DomainError
from core.text import one_line
from surveys.kiosk.models import Kiosk
from surveys.models import Survey
from surveys.models_responses import Response

SOURCE = "kiosk"
THANKED = timedelta(seconds=60)
"""So long the page after an answer can be seen, by whatever way back somebody finds on the tablet."""
LONGEST_NAME = 80


def make(survey: Survey, name: str, now: datetime) -> Kiosk:
    """DomainError without a name."""
    name = one_line(name, LONGEST_NAME)
    if not name:
        raise DomainError(_("Say where it stands, so that you know which one to end."))
    kiosk = Kiosk(organisation_id=survey.organisation_id, survey_id=survey.id, name=name, made_at=now)
    db.session.add(kiosk)
    audit.record("kiosk.made", kiosk, now)
    return kiosk


def end(kiosk: Kiosk, now: datetime) -> None:
    """Nothing can be sent by its link from now on; doing it twice changes nothing."""
    if kiosk.ended_at is None:
        kiosk.ended_at = now
        audit.record("kiosk.ended", kiosk, now)


def at_work(survey: Survey) -> Sequence[Kiosk]:
    there = select(Kiosk).where(Kiosk.survey_id == survey.id, Kiosk.ended_at.is_(None))
    return db.session.scalars(there.order_by(Kiosk.id)).all()


def path(kiosk: Kiosk) -> str:
    return links.path("kiosk", kiosk.id)


def thanks_token(response: Response) -> str:
    """For the page after this answer alone: it opens nothing else."""
    return links.token("kiosk_thanks", response.id, response.link_version)


def thanked(kiosk: Kiosk, token: str, now: datetime) -> Response | None:
    """Whose answer that page is about; None once the next person may stand there."""
    try:
        id, version = links.read(token, "kiosk_thanks")
    except NotFound:
        return None
    found = db.session.get(Response, id)
    if not found or (found.link_version, found.survey_id) != (version, kiosk.survey_id):
        return None
    return found if now - found.received_at < THANKED else None
