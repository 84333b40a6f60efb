"""Loading the demo: its year is played from beginning to end, up to this morning."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from itertools import chain

from babel.dates import format_date
from sqlalchemy import Select, select

from accounts import links
from accounts.models import Staff
from core.db import db, writing
from core.errors import Conflict
from core.models import Organisation
from demo import founding, timeline
from demo.answers import answers
from demo.days import Days, at
from demo.deeds import deeds
from demo.desk import desk
from demo.digests import digests
from demo.post import bounces, postman
from demo.reading import script
from demo.stage import Stage
from demo.timeline import Event
from demo.verdicts import verdicts

SIGN_IN = {"manager": "marieke", "agent": "joris"}
"""role → who is signed in by the link that is printed"""


def load_demo(progress: Callable[[str], None], now: datetime) -> None:
    """Two organisations and a year of their stories; Conflict when they are there already.

    Every row comes from the verbs that the pages call, with `now` in the past. What happened depends on
    the day of loading alone, and nothing of it leaves the machine.
    """
    if is_loaded():
        raise Conflict("The demo is loaded already.")
    _connect_rooms()
    stage = Stage(script(), Days.until(now))
    with writing():
        founding.found(stage)
    progress(f"{len(stage.organisations)} organisations with their people, themes and surveys.")
    until = at(stage.days.today, time.min)
    timeline.play(_events(stage), until, postman(stage), lambda month: progress(_month(month)))
    progress(f"The demo is loaded: {len(stage.script.remarks)} comments and what became of them.")


def is_loaded() -> bool:
    return db.session.scalar(_demo().limit(1)) is not None


def sign_in_links(now: datetime) -> dict[str, str]:
    """role → a fresh address that signs a colleague of the demo in, once. The demo must be loaded."""
    with writing():
        return {role: links.issue(_staff_id(key), now, links.PRINTED) for role, key in SIGN_IN.items()}


def _connect_rooms() -> None:
    """An answer sets the rooms above going: the web application and commands see to that, other programs may not."""
    from app import connect

    connect()


def _events(stage: Stage) -> Iterator[Event]:
    first = stage.days.ago(max(s.opened_days_ago for s in stage.script.survey))
    acts = (answers, deeds, desk, verdicts, bounces, digests)
    return chain(timeline.days(first, stage.days.today), *(act(stage) for act in acts))


def _month(month: date) -> str:
    return f"Playing {format_date(month, 'MMMM y', 'en')} …"


def _demo() -> Select[int]:
    return select(Organisation.id).where(Organisation.demo).order_by(Organisation.id)


def _staff_id(key: str) -> int:
    email = next(c.email for c in script().staff if c.key == key)
    return db.session.scalars(select(Staff.id).where(Staff.email == email)).one()
