"""An archived report that quotes somebody who was erased is made again without their words. Its figures stay as they were."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from core import audit, clock
from core.db import db
from core.models import Organisation
from core.rows import among
from reports.erasure.models import ReportRevision
from reports.figures import Figures, thawed
from reports.models import Report
from surveys.models_responses import Response


def revise(organisation_id: int, responses: Iterable[int], now: datetime) -> int:
    """Every report over a day on which one of these was given: its bytes and quotes go now, a tick draws it anew."""
    found = _over(_days(organisation_id, responses))
    for report in db.session.scalars(select(Report).where(among(Report.id, found))).all() if found else ():
        _again(report, now)
    return len(found)


def _days(organisation_id: int, responses: Iterable[int]) -> set[tuple[int, Any]]:
    zone = db.session.get_one(Organisation, organisation_id).timezone
    given = select(Response.survey_id, Response.submitted_at).where(among(Response.id, responses))
    return {(survey_id, clock.local_date(at, zone)) for survey_id, at in db.session.execute(given)}


def _over(days: set[tuple[int, Any]]) -> list[int]:
    """Ids, asked for once, however many days: from the first of these to the last."""
    if not days:
        return []
    surveys, given = {survey_id for survey_id, _day in days}, [day for _survey_id, day in days]
    drawn = or_(Report.state == "rendering", Report.pdf.is_not(None))  # one past its time is drawn no more
    between = Report.first_day <= max(given), Report.last_day >= min(given)
    asked = select(Report.id, Report.survey_id, Report.first_day, Report.last_day).where(
        among(Report.survey_id, surveys), *between, drawn
    )
    return [
        id for id, survey_id, first, last in db.session.execute(asked)
        if any(survey_id == survey and first <= day <= last for survey, day in days)
    ]  # fmt: skip


def _again(report: Report, now: datetime) -> None:
    if report.sha256 and report.rendered_at:
        kept = ReportRevision(
            report_id=report.id, number=report.revision, sha256=report.sha256, reason="erased", rendered_at=report.rendered_at, replaced_at=now
        )  # fmt: skip
        db.session.add(kept)
        audit.record("report.revised", report, now, sha256=report.sha256)
    report.revision += 1
    report.state, report.tries, report.lease_until = "queued", 0, None
    report.pdf, report.sha256, report.rendered_at = None, None, None
    report.figures = without_words(report.figures) if report.figures else None


def without_words(figures: dict[str, Any]) -> dict[str, Any]:
    return {**figures, "verbatims": {"shown": [], "left_out": 0}}


def kept_figures(report: Report, counted: Figures) -> Figures:
    """Of a report that was there before: what it said then, with quotes as they may be read now."""
    if not report.figures:
        return counted
    return replace(thawed(report.figures), verbatims=counted.verbatims)


def revisions(report: Report) -> list[ReportRevision]:
    """Oldest first."""
    of_report = select(ReportRevision).where(ReportRevision.report_id == report.id)
    return list(db.session.scalars(of_report.order_by(ReportRevision.number)))
