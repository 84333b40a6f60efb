"""The tick that forgets what is past its time: once a local night, of each organisation, and again in a restored copy."""

from datetime import datetime

from sqlalchemy import select

from core import clock, keeping
from core.db import db, writing
from core.models import Organisation
from core.models_keeping import Forgetting
from reports.retention.forgetting import forget
from reports.retention.forgetting_again import forget_again
from reports.retention.keeping import NIGHT, announce, may_run, own_row, settle, today
from reports.retention.past_time import KINDS

IN_ORDER = tuple(dict.fromkeys(kind.category for kind in KINDS))


def forget_past_time(now: datetime) -> int:
    """How many rows of people's data lost their words or went."""
    ids = db.session.scalars(select(Organisation.id).order_by(Organisation.id)).all()
    return forget_again(now) + sum(_tonight(id, now) for id in ids)


def _tonight(organisation_id: int, now: datetime) -> int:
    """Nothing before the night, and nothing twice in it."""
    place = db.session.get_one(Organisation, organisation_id)
    day, row = today(place, now), keeping.row_of(organisation_id)
    if clock.local(now, place.timezone).time() < NIGHT or (row and row.ran_on and row.ran_on >= day):
        return 0
    with writing():
        row = own_row(organisation_id)
        settle(row, now)
        announce(row, now)
        held, ready = keeping.periods(row), [key for key in IN_ORDER if may_run(row, key, day)]
    done = sum(_past(organisation_id, key, held[key], now) for key in ready)
    with writing():
        own_row(organisation_id).ran_on = day
    return done


def _past(organisation_id: int, category: str, period: keeping.Period, now: datetime) -> int:
    until = keeping.until(period, now)
    return forget(organisation_id, category, until, now) if until else 0


def waiting_to_be_swept() -> list[int]:
    """What was forgotten and still lies in free space of the files."""
    finished = Forgetting.finished_at.is_not(None), Forgetting.swept_at.is_(None), Forgetting.n > 0
    return list(db.session.scalars(select(Forgetting.id).where(*finished)))
