"""The tick that renders: claim a report, draw it outside any transaction, keep it unaltered."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from core.db import db, writing
from reports.models import Report

LEASE = timedelta(minutes=10)
"""Longer than three tries of the renderer take."""
MOST_TRIES = 3


def render_due(now: datetime) -> int:
    """Render the reports that were asked for, oldest first; returns how many were finished, well or not."""
    from reports.making import make

    done = 0
    while report_id := _claim(now):
        make(report_id, now)
        done += 1
    return done


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
