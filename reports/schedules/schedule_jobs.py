"""The ticks of a schedule: ask for what is over, and write to its readers when it is there. Whatever else, the rows decide."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from reports.asking import ask
from reports.models import Report
from reports.schedules.models import Part, Run, Schedule
from reports.schedules.rhythms import Days, over, surveys, today

UNDER_WAY = ("queued", "rendering")


def ask_on_schedule(now: datetime) -> int:
    """Ask for the newest period that is over, of each schedule; returns how many were asked for."""
    running = select(Schedule.id).where(Schedule.ended_at.is_(None)).order_by(Schedule.id)
    return sum(_ask(id, now) for id in db.session.scalars(running).all())


def _ask(schedule_id: int, now: datetime) -> int:
    """One made by another clock at this moment is made."""
    schedule = db.session.get_one(Schedule, schedule_id)
    if not over(schedule, today(schedule, now)):
        return 0
    with suppress(IntegrityError), writing():
        return _asked(schedule_id, now)
    return 0


def _asked(schedule_id: int, now: datetime) -> int:
    locked = select(Schedule).where(Schedule.id == schedule_id).with_for_update()
    schedule = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    missed = over(schedule, today(schedule, now)) if not schedule.ended_at else []
    if not missed or not surveys(schedule, missed[0]):
        return 0
    _run(schedule, missed[0], len(missed) - 1, now)
    return 1


def _run(schedule: Schedule, days: Days, skipped: int, now: datetime) -> None:
    run = Run(
        organisation_id=schedule.organisation_id, schedule_id=schedule.id, first_day=days[0], last_day=days[1],
        skipped=skipped, asked_at=now,
    )  # fmt: skip
    for survey in surveys(schedule, days):
        run.parts.append(Part(report=ask(survey, *days, schedule.language, schedule.made_by.name, now)))
    db.session.add(run)
    db.session.flush()


def mail_reports(now: datetime) -> int:
    """Write to the readers of each run whose reports are done, well or not; returns how many runs were told."""
    under_way = exists().where(
        Part.run_id == Run.id, Part.report_id == Report.id, Report.state.in_(UNDER_WAY)
    )
    done = select(Run.id).where(Run.told_at.is_(None), ~under_way).order_by(Run.id)
    return sum(_tell(id, now) for id in db.session.scalars(done).all())


def _tell(run_id: int, now: datetime) -> int:
    from reports.schedules.report_mail import tell

    with writing():
        locked = select(Run).where(Run.id == run_id, Run.told_at.is_(None)).with_for_update(skip_locked=True)
        run = db.session.scalar(locked.execution_options(populate_existing=True))
        if not run:
            return 0
        tell(run, now)
    return 1
