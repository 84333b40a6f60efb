"""After a restore: what the list outside the database says was forgotten goes once more, and nobody is written to about it."""

from datetime import datetime

from sqlalchemy import func, select

from core import forgotten, keeping, rows
from core.db import db, writing
from core.models import Organisation
from core.models_keeping import Forgetting
from reports.retention.forgetting import begun, forget


def forget_again(now: datetime) -> int:
    """What the list outside the database says was forgotten, and this database does not know of: it was restored."""
    query = select(Forgetting.organisation_id, Forgetting.category, func.max(Forgetting.until))
    held = {
        (id, key): until for id, key, until in db.session.execute(query.group_by(*query.selected_columns[:2]))
    }
    here = set(db.session.scalars(select(Organisation.id)))
    missing = [
        (id, key, until) for (id, key), until in forgotten.noted().items()
        if id in here and key in keeping.CATEGORIES and ((id, key) not in held or until > held[id, key])
    ]  # fmt: skip
    return sum(_forget_once_more(*each, now) for each in missing)


def _forget_once_more(organisation_id: int, category: str, until: datetime, now: datetime) -> int:
    done = forget(organisation_id, category, until, now)
    with writing():
        _know(organisation_id, category, until, now)
    return done


def _know(organisation_id: int, category: str, until: datetime, now: datetime) -> None:
    """Also where this copy is from before there was anything to forget."""
    row = begun(organisation_id, category, until, now)
    rows.change(row, until=max(row.until, until), finished_at=now)
