"""The ticks: render the reports that were asked for, each outside any transaction; count the record of each survey."""

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from core import audit
from core.db import db, writing
from reports.models import Report
from surveys.models import Record, Survey

LEASE = timedelta(minutes=10)
"""Longer than three tries of the renderer take."""
MOST_TRIES = 3


def render_due(now: datetime) -> int:
    """Render the reports that were asked for, oldest first; returns how many were finished, well or not."""
    from reports.making import make

    done = _give_up(now)
    while report_id := _claim(now):
        make(report_id, now)
        done += 1
    return done


def _give_up(now: datetime) -> int:
    """Whose renderer was gone three times has failed, and says so: nobody waits for it any longer."""
    gone = (Report.state == "rendering") & (Report.lease_until < now) & (Report.tries >= MOST_TRIES)
    if not db.session.scalar(select(Report.id).where(gone).limit(1)):
        return 0
    with writing():
        lost = db.session.scalars(select(Report).where(gone).with_for_update(skip_locked=True)).all()
        for report in lost:
            report.state, report.error = (
                "failed",
                _("The program that draws reports was stopped before it was done."),
            )
            audit.record("report.failed", report, now)
    return len(lost)


def _claim(now: datetime) -> int | None:
    """A queued one, or one whose renderer is gone; nobody else takes it while the lease lasts."""
    with writing():
        gone = (Report.state == "rendering") & (Report.lease_until < now)
        waiting = select(Report).where(or_(Report.state == "queued", gone), Report.tries < MOST_TRIES)
        report = db.session.scalar(waiting.order_by(Report.id).limit(1).with_for_update(skip_locked=True))
        if not report:
            return None
        report.state, report.lease_until, report.tries = "rendering", now + LEASE, report.tries + 1
        return report.id


def count_records(now: datetime) -> int:
    """Count what came of the answers to each survey; returns how many records changed. Nothing is written while counting."""
    return sum(_count_record(survey_id, now) for survey_id in _asked())


def _asked() -> list[int]:
    return list(
        db.session.scalars(select(Survey.id).where(Survey.opened_at.is_not(None)).order_by(Survey.id))
    )


def _count_record(survey_id: int, now: datetime) -> bool:
    from reports.records import count

    counted = count(db.session.get_one(Survey, survey_id), now)
    kept, found = db.session.get(Record, survey_id), asdict(counted) if counted else {}
    if (kept is None) is (counted is None) and all(getattr(kept, k) == v for k, v in found.items()):
        return False
    with suppress(IntegrityError), writing():  # another clock may write the first one at the same moment
        _keep_record(survey_id, found, now)
    return True


def _keep_record(survey_id: int, found: dict[str, object], now: datetime) -> None:
    kept = db.session.get(Record, survey_id)
    if not found:
        db.session.delete(kept) if kept else None
        return
    db.session.merge(Record(survey_id=survey_id, counted_at=now, **found))
