"""The mail that brings a report: page one in words, and a link that opens the PDF without signing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.letters import Letter, letter
from accounts.letters import tell as tell_colleague
from accounts.models import Staff
from accounts.presence import managers, membership
from core import audit, clock, rows
from core.links import public_url
from core.models import Organisation
from core.voice import format_date, speaking
from outbox.freezing import freeze
from outbox.models import Message
from outbox.slots import new_slot, slot_link
from reports.figures import Figures, thawed
from reports.models import Report
from reports.schedules.models import Delivery, Run
from reports.schedules.readers import Standing, standings
from reports.summary import summary

OPEN = timedelta(days=90)
"""How long a link opens."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One report in the mail: its survey, page one, and where it is read."""

    survey: str
    alert: str
    lead: str
    lines: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What every reader of a run reads."""

    first: str
    last: str
    every: str
    skipped: int
    until: str
    maker: str
    failed: int


def tell(run: Run, now: datetime) -> None:
    """Each reader one mail about what is ready; the one who made the schedule one about what failed. Inside `writing()`."""
    run.told_at = now
    ready = [part.report for part in run.parts if part.report.state == "ready"]
    failed = [part.report for part in run.parts if part.report.state == "failed"]
    for one in standings(run.schedule) if ready else []:
        if not one.why:
            _bring(run, ready, len(failed), one, now)
    if failed:
        for staff in _to_hear(run, now):
            tell_colleague(failure(run, failed, staff, now), staff, now)
    audit.record("report_run.told", run, now, ready=len(ready), failed=len(failed))


def _to_hear(run: Run, now: datetime) -> list[Staff]:
    """Who made it; where they left, those who manage."""
    maker = run.schedule.made_by
    held = membership(run.organisation_id, maker.id)
    here = held and not held.left_at and maker.active
    return [maker] if here else managers(run.organisation_id, now)


def _bring(run: Run, ready: list[Report], failed: int, to: Standing, now: datetime) -> None:
    """Whoever had a mail of this period already gets what was made since, by the same link."""
    before = next((one for one in run.deliveries if one.reader_id == to.reader.id), None)
    fresh = [report for report in ready if not before or (report.rendered_at or now) > before.at]
    if fresh:
        brought = before or _delivery(run, to, now)
        message = _mailed(run, fresh, failed, to, brought, now)
        rows.change(brought, message_id=message.id, address=to.mail, at=now)


def _delivery(run: Run, to: Standing, now: datetime) -> Delivery:
    return rows.insert(
        Delivery(organisation_id=run.organisation_id, reader_id=to.reader.id, run_id=run.id, address=to.mail, at=now)
    )  # fmt: skip


def _mailed(run: Run, ready: list[Report], failed: int, to: Standing, brought: Delivery, now: datetime) -> Message:  # fmt: skip
    schedule, slot = run.schedule, new_slot()
    own = slot_link(slot, "unsubscribe")
    with speaking(schedule.language, schedule.organisation):
        several = len(ready) > 1
        pieces = [piece(thawed(r.figures or {}), f"{own}/{r.id}.pdf", several) for r in ready]
        facts = facts_of(run, failed, now)
    mail = written(schedule.organisation, to.name, schedule.language, pieces, facts, own, now)
    return freeze(
        run.organisation_id, "report", to.mail, mail.subject, mail.text, mail.html, mail.sender_name, mail.language, now,
        recipient_name=to.name, slot=slot, links={"unsubscribe": ("report", brought.id, brought.link_version)},
    )  # fmt: skip


def facts_of(run: Run, failed: int, now: datetime) -> Facts:
    schedule, zone = run.schedule, run.schedule.organisation.timezone
    first, last, until = (
        format_date(day, "d MMMM y") for day in (run.first_day, run.last_day, last_day(now, zone))
    )
    return Facts(first, last, schedule.every, run.skipped, until, schedule.made_by.name, failed)


def last_day(sent: datetime, timezone: str) -> date:
    """On which a link still opens; local, and all of it."""
    return clock.local_date(sent, timezone) + OPEN


def piece(figures: Figures, link: str, one_of_several: bool = False) -> Piece:
    """Page one, in the language that is spoken now; shorter where several stand below each other."""
    said = summary(figures)
    panels = (f"{p.question} {p.figure} {p.lines[0]}" for p in said.panels)
    more = () if one_of_several else said.highlights
    return Piece(figures.scope.survey, said.alert, said.lead, (*said.deed, *panels, *more), link)


def written(
    organisation: Organisation, name: str, language: str, pieces: list[Piece], facts: Facts, own: str, now: datetime
) -> Letter:  # fmt: skip
    return letter("report", organisation, name, language, now, pieces=pieces, facts=facts, own=own)


def failure(run: Run, failed: list[Report], staff: Staff, now: datetime) -> Letter:
    organisation = run.schedule.organisation
    with speaking(staff.language, organisation):
        facts = facts_of(run, len(failed), now)
        why = [(r.survey.title_in(staff.language), r.error) for r in failed]
    link = public_url(f"/reports/schedules/{run.schedule_id}")
    return not_made(organisation, staff.name, staff.language, why, facts, link, now)


def not_made(
    organisation: Organisation, name: str, language: str, why: Sequence[tuple[str, str]], facts: Facts, link: str, now: datetime
) -> Letter:  # fmt: skip
    return letter("report_failed", organisation, name, language, now, why_failed=why, facts=facts, link=link)
