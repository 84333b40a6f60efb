"""Loading the demo: its year is played from beginning to end, up to this morning."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import chain

from babel.dates import format_date
from sqlalchemy import delete, select

from accounts import links
from accounts.models import Staff
from core import audit
from core.db import Base, db, writing
from core.errors import Conflict
from core.models import Event as Line
from core.models import Organisation
from demo import founding, timeline
from demo.answers import answers
from demo.days import Days, at
from demo.deeds import deeds
from demo.desk import desk
from demo.digests import digests
from demo.hurrying import hurrying
from demo.post import bounces, postman
from demo.reading import script
from demo.stage import Stage
from demo.timeline import Event
from demo.verdicts import verdicts

SIGN_IN = {"manager": "marieke", "agent": "joris"}
"""role → who is signed in by the link that is printed"""
LOADED = "demo.loaded"


def load_demo(progress: Callable[[str], None], now: datetime) -> None:
    """Two organisations and a year of their stories; Conflict when they are there already.

    What staff and customers do goes through the verbs that the pages call, with `now` in the past. What
    happens depends on the day of loading alone, and nothing of it leaves the machine.
    """
    _make_room(progress)
    _connect_rooms()
    stage = Stage(script(), Days.until(now))
    with hurrying(), _told_beforehand():
        _play(stage, progress)
    with writing():
        for slug in stage.surveys:
            audit.record(LOADED, stage.survey(slug), now)
    progress(f"The demo is loaded: {len(stage.script.remarks)} comments and what became of them.")


@contextmanager
def _told_beforehand() -> Iterator[None]:
    """What goes wrong in these stories is meant to: it stands in their mailbox, and alarms nobody who loads them."""
    log = logging.getLogger("outbox.alarming")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def _play(stage: Stage, progress: Callable[[str], None]) -> None:
    with writing():
        founding.found(stage)
    progress(f"{len(stage.organisations)} organisations with their people, themes and surveys.")
    until = at(stage.days.today, time.min)
    timeline.play(_events(stage), until, postman(stage), lambda month: progress(_month(month)))


def is_loaded() -> bool:
    """Whether it is there from beginning to end."""
    return db.session.scalar(select(Line.id).where(Line.verb == LOADED).limit(1)) is not None


def sign_in_links(now: datetime) -> dict[str, str]:
    """role → a fresh address that signs a colleague of the demo in, once. The demo must be loaded."""
    tokens = {role: links.draw() for role in SIGN_IN}
    with writing():
        for role, token in tokens.items():
            links.issue(_staff_id(SIGN_IN[role]), token, now, links.PRINTED)
    return {role: links.address(token) for role, token in tokens.items()}


def _make_room(progress: Callable[[str], None]) -> None:
    """A demo that was cut short makes way, where nothing else is in the database."""
    if is_loaded():
        raise Conflict("The demo is loaded already.")
    organisations = db.session.scalars(select(Organisation)).all()
    begun = [o for o in organisations if o.demo]
    if begun and len(begun) < len(organisations):
        raise Conflict("The demo was cut short while it was loaded. Load it into an installation of its own.")
    if begun:
        progress("The demo was cut short while it was loaded; it begins anew.")
        with writing():
            for table in reversed(Base.metadata.sorted_tables):
                db.session.execute(delete(table))


def _connect_rooms() -> None:
    """An answer sets the rooms above going: the web application sees to that, other programs may not."""
    from app import connect

    connect()


def _events(stage: Stage) -> Iterator[Event]:
    first = stage.days.ago(max(s.opened_days_ago for s in stage.script.survey))
    acts = (answers, deeds, desk, verdicts, bounces, digests)
    return chain(timeline.days(first, stage.days.today), *(act(stage) for act in acts))


def _month(month: date) -> str:
    return f"Playing {format_date(month, 'MMMM y', 'en')} …"


def _staff_id(key: str) -> int:
    email = next(c.email for c in script().staff if c.key == key)
    return db.session.scalars(select(Staff.id).where(Staff.email == email)).one()
