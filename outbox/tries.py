"""What somebody tries by hand calls somebody else's machine: so often an organisation may, and not more."""

from datetime import datetime, timedelta
from math import ceil

from flask_babel import ngettext
from sqlalchemy import select

from core import audit
from core.db import db
from core.errors import TooOften
from core.models import Event, Organisation

TRIES, WITHIN = 5, timedelta(minutes=10)


def count(verb: str, organisation_id: int, of: tuple[str, int], now: datetime) -> None:
    """It is written down first, so that two at once are two. TooOften when others of this kind were just before."""
    db.session.get_one(Organisation, organisation_id, with_for_update=True)
    of_ours = Event.organisation_id == organisation_id, Event.verb == verb
    lately = select(Event.at).where(*of_ours, Event.at > now - WITHIN).order_by(Event.at.desc())
    before = db.session.scalars(lately.limit(TRIES)).all()
    if len(before) >= TRIES:
        minutes = ceil((before[-1] + WITHIN - now) / timedelta(minutes=1))
        raise TooOften(
            ngettext(
                "This was tried %(tries)s times in a short while, and each time calls somebody else’s machine. Wait %(num)d minute.",
                "This was tried %(tries)s times in a short while, and each time calls somebody else’s machine. Wait %(num)d minutes.",
                minutes, tries=TRIES,
            )
        )  # fmt: skip
    subject_type, id = of
    audit.record_many(verb, organisation_id, subject_type, [id], now)
