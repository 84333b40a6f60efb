"""Schedules that ran: what their tests share. `done` ends reports as the renderer would, without drawing."""

from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import select

from core.db import db, writing
from outbox.models import Message
from reports.figures import Figures, frozen
from reports.models import Report
from reports.schedules.models import Run
from reports.schedules.schedule_jobs import ask_on_schedule
from tests.reports.samples import figures

PDF = b"%PDF-1.7 made up"
DECEMBER = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
"""Seven in the morning: November is over."""


def done(now: datetime, failed: tuple[int, ...] = (), said: Figures | None = None) -> list[Report]:
    """Every report that waits is ready, or failed where its number is named."""
    kept = frozen(said or figures())
    with writing():
        waiting = list(db.session.scalars(select(Report).where(Report.state == "queued").order_by(Report.id)))
        for number, report in enumerate(waiting):
            if number in failed:
                report.state, report.error = "failed", "Drawing the report took longer than 60 seconds."
                continue
            report.state, report.pdf, report.sha256 = "ready", PDF, sha256(PDF).hexdigest()
            report.figures, report.rendered_at = kept, now
    return waiting


def ran(now: datetime = DECEMBER, failed: tuple[int, ...] = ()) -> list[Report]:
    assert ask_on_schedule(now) == 1
    return done(now, failed)


def runs() -> list[Run]:
    db.session.rollback()
    return list(db.session.scalars(select(Run).order_by(Run.id)))


def mails(kind: str = "report") -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))
