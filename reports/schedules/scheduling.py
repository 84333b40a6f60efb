"""Make, change and end a schedule of reports, make a period of it again, and who reads them."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from accounts.models import Membership, Staff
from core import audit, clock
from core.db import db
from core.errors import Conflict, DomainError
from core.models import Organisation
from core.text import search_key
from outbox.addresses import one_address
from reports.schedules.models import RHYTHMS, Delivery, Reader, Run, Schedule
from surveys.models import Survey

MOST_READERS = 20
MOST_SCHEDULES = 50
"""That run at the same time in one organisation."""


def make(
    organisation: Organisation, survey: Survey | None, every: str, language: str, mails: Sequence[str], by_id: int, now: datetime
) -> Schedule:  # fmt: skip
    """A schedule that begins today; DomainError for readers that cannot be, or for one schedule too many."""
    _room_for_one(organisation)
    if every not in RHYTHMS:
        raise DomainError(_("Choose how often."))
    schedule = Schedule(
        organisation=organisation, survey=survey, every=every, language=language, made_by_id=by_id,
        begins_on=clock.local_date(now, organisation.timezone), created_at=now,
    )  # fmt: skip
    db.session.add(schedule)
    db.session.flush()
    _read_by(schedule, mails, now)
    audit.record("report_schedule.made", schedule, now, every=every)
    return schedule


def _room_for_one(organisation: Organisation) -> None:
    running = Schedule.organisation_id == organisation.id, Schedule.ended_at.is_(None)
    if (db.session.scalar(select(func.count(Schedule.id)).where(*running)) or 0) >= MOST_SCHEDULES:
        raise DomainError(
            _("There are %(n)s schedules already. End one that nobody needs first.", n=MOST_SCHEDULES)
        )


def change(schedule: Schedule, language: str, mails: Sequence[str], now: datetime) -> None:
    """Another language, other readers. Whoever is taken off can no longer open what they were sent."""
    _still_runs(schedule)
    schedule.language = language
    _read_by(schedule, mails, now)
    audit.record("report_schedule.changed", schedule, now)


def end(schedule: Schedule, now: datetime) -> None:
    """Nothing is made any more; what was made stays, and the links in the mails too."""
    _still_runs(schedule)
    schedule.ended_at = now
    audit.record("report_schedule.ended", schedule, now)


def again(run: Run, now: datetime) -> None:
    """Make what failed of this period once more; its readers are written to when it is there, and its maker when it fails again."""
    _still_runs(run.schedule)
    failed = [part.report for part in run.parts if part.report.state == "failed"]
    if not failed or not run.told_at:
        raise Conflict(_("Nothing of this period is left to be made again."))
    for report in failed:
        report.state, report.error, report.tries, report.lease_until = "queued", "", 0, None
        audit.record("report.requested", report, now)
    run.told_at = None
    audit.record("report_run.again", run, now, reports=len(failed))


def _still_runs(schedule: Schedule) -> None:
    if schedule.ended_at:
        raise Conflict(_("This schedule was ended already."))


def stop(reader: Reader, now: datetime) -> None:
    """They want no more of it; said twice, it was said the first time."""
    if not reader.stopped_at:
        reader.stopped_at = now
        audit.record("report_reader.stopped", reader, now)


def _read_by(schedule: Schedule, mails: Sequence[str], now: datetime) -> None:
    wanted = {search_key(mail): mail for mail in addresses(mails)}
    known = {reader.mail_key: reader for reader in schedule.readers}
    for key in known.keys() - wanted.keys():
        _take_off(known[key], now)
    for key, mail in wanted.items():
        _put_on(schedule, known.get(key), mail, now)


def addresses(mails: Sequence[str]) -> list[str]:
    """Each once, as it was typed; DomainError for none, too many, or one that is no address."""
    found = list({search_key(mail): mail.strip() for mail in mails if mail.strip()}.values())
    if not found:
        raise DomainError(_("Give the mail address of somebody who reads it."))
    if len(found) > MOST_READERS:
        raise DomainError(
            _("At most %(most)s people can get one report; these are %(n)s.", most=MOST_READERS, n=len(found))
        )
    if wrong := next((mail for mail in found if not one_address(mail)), ""):
        raise DomainError(_("“%(text)s” is not a mail address.", text=wrong[:80]))
    return found


def _take_off(reader: Reader, now: datetime) -> None:
    if reader.removed_at:
        return
    reader.removed_at = now
    newer = update(Delivery).where(Delivery.reader_id == reader.id)
    db.session.execute(newer.values(link_version=Delivery.link_version + 1))


def _put_on(schedule: Schedule, known: Reader | None, mail: str, now: datetime) -> None:
    """Somebody who was taken off can come back; whoever asked for no more stays without."""
    if known:
        if known.removed_at and known.stopped_at:
            raise DomainError(_("%(mail)s asked for no more of this report.", mail=mail))
        known.removed_at = None
        return
    colleague = _colleague(schedule.organisation_id, mail)
    if colleague and colleague.left_at:
        raise DomainError(_("%(name)s does not work here any more.", name=colleague.staff.name))
    reader = Reader(
        organisation_id=schedule.organisation_id, mail=mail, mail_key=search_key(mail), added_at=now,
        staff_id=colleague.staff_id if colleague else None,
    )  # fmt: skip
    schedule.readers.append(reader)


def _colleague(organisation_id: int, mail: str) -> Membership | None:
    theirs = Membership.organisation_id == organisation_id, func.lower(Staff.email) == mail.lower()
    return db.session.scalar(select(Membership).join(Staff).where(*theirs))
