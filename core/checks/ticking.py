"""The clock process: does it tick, and does its clock agree with the database's?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from core import jobs
from core.db import db
from core.findings import Finding, broken, ok, unknown
from core.settings import settings

MOST_APART = timedelta(seconds=60)


def ticks(now: datetime) -> Iterator[Finding]:
    name = _("Clock process")
    try:
        stuck = jobs.stopped(current_app.extensions["ticks"], now)
    except SQLAlchemyError:
        yield unknown(name, _("the database could not be read"))
        return
    if stuck:
        yield broken(
            name,
            _("It does not run, or is stuck: %(ticks)s.", ticks=", ".join(stuck)),
            _("Start it: script/server does, or “flask clock” as a service of its own. Without it no message leaves."),
        )  # fmt: skip
    else:
        yield ok(name, _("It runs."))


def time(now: datetime) -> Iterator[Finding]:
    """Beside the database's machine; SQLite has no other clock than ours."""
    name = _("Time")
    if settings().sqlite:
        yield unknown(name, _("SQLite has no clock of its own to compare with"))
        return
    try:
        theirs: datetime = db.session.scalars(select(func.clock_timestamp())).one().astimezone(UTC)
    except SQLAlchemyError:
        yield unknown(name, _("the database could not be read"))
        return
    yield apart(name, now, theirs)


def apart(name: str, ours: datetime, theirs: datetime) -> Finding:
    """How far two clocks are apart."""
    seconds = round(abs(ours - theirs).total_seconds())
    if seconds <= MOST_APART.total_seconds():
        return ok(name, _("Our clock agrees with theirs, within %(n)s s.", n=max(1, seconds)))
    return broken(
        name,
        _("Our clock and theirs are %(n)s seconds apart.", n=seconds),
        _("Let both machines keep time by NTP (“timedatectl set-ntp true”): dates in mails and promises go by it."),
    )  # fmt: skip
