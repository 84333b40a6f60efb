"""A digest that nobody approves: managers hear of it two working days before its date, and each working day from then on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import force_locale
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from accounts.letters import Letter, letter, tell
from accounts.models import Staff
from accounts.presence import managers
from core import audit, calendar, clock
from core.application import words
from core.db import Rows, db, writing
from core.links import public_url
from core.models import Organisation
from core.rows import some
from followup.digests.rounds import waiting_step
from followup.models import DigestAlert
from followup.readiness import bare_score
from followup.steps.large_steps import approve
from followup.steps.stepping import size_of_digest
from promises.models import Promise
from surveys.models import Round
from surveys.models_responses import Response

DAYS = 2
"""Working days before its date from which a digest that is not approved is escalated."""
HORIZON = timedelta(days=21)
"""Two working days are never further away, whatever the holidays."""
MORNING = time(8)
"""Local time from which managers are written to."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A round whose digest is due: who gave only a score was promised a word by `due_on`."""

    round_id: int
    due_on: date
    people: int


def waiting_digests(now: datetime, organisation_id: int | None = None) -> list[Waiting]:
    """Digests that are not approved though their date is near; of one organisation, or of all."""
    return [
        Waiting(round_id, due_on, people)
        for round_id, due_on, people, country, today in _near(now, organisation_id)
        if calendar.working_days_before(due_on, DAYS, country) <= today
    ]


def alerted(organisation_id: int, today: date) -> list[Waiting]:
    """Those that managers were written to about and that nobody approved since: read, where the others are counted."""
    found = some(_ALERTED, organisation_id=organisation_id, today=today)
    return list({a.round_id: Waiting(a.round_id, a.due_on, a.people) for a in found}.values())


_ALERTED = (
    select(DigestAlert.round_id, DigestAlert.due_on, DigestAlert.people)
    .join(Round, Round.id == DigestAlert.round_id)
    .where(Round.organisation_id == bindparam("organisation_id"), Round.approved_at.is_(None))
    .where(DigestAlert.due_on >= bindparam("today"))
    .order_by(DigestAlert.due_on, DigestAlert.day)
)
"""Put together once: the inbox asks it on each of its pages."""


def _near(now: datetime, organisation_id: int | None) -> Iterator[tuple[int, date, int, str, date]]:
    query = _first_dates(now)
    query = query.where(Round.organisation_id == organisation_id) if organisation_id else query
    for round_id, due_at, people, timezone, country in db.session.execute(query):
        yield round_id, clock.local_date(due_at, timezone), people, country, clock.local_date(now, timezone)


def _first_dates(now: datetime) -> Rows:
    return (
        select(
            Round.id,
            func.min(Promise.due_at),
            func.count(Promise.id),
            Organisation.timezone,
            Organisation.country,
        )
        .join(Response, Response.round_id == Round.id)
        .join(Promise, Promise.response_id == Response.id)
        .join(Organisation, Organisation.id == Round.organisation_id)
        .where(Round.approved_at.is_(None), Promise.is_open, Promise.due_at <= now + HORIZON, bare_score())
        .group_by(Round.id, Organisation.timezone, Organisation.country)
        .order_by(func.min(Promise.due_at), Round.id)
    )


def escalate_digests(now: datetime) -> int:
    """Write to the managers about each digest that waits, once a day; returns how many messages were queued."""
    return sum(_once(waiting, now) for waiting in waiting_digests(now))


def _once(waiting: Waiting, now: datetime) -> int:
    try:
        with writing():
            return _escalate(db.session.get_one(Round, waiting.round_id), waiting, now)
    except IntegrityError:
        return 0  # another clock wrote to them at the same moment


def _escalate(round: Round, waiting: Waiting, now: datetime) -> int:
    """What falls due today does not wait for a second look; of anything else managers hear, on a working morning."""
    step = waiting_step(round)
    if step and size_of_digest(round, now)[1] is None:
        approve(step, now)
        return 0
    organisation = round.survey.organisation
    local = clock.local(now, organisation.timezone)
    at_work = calendar.is_working_day(local.date(), organisation.country) and local.time() >= MORNING
    said = select(DigestAlert.id).where(DigestAlert.round_id == round.id, DigestAlert.day == local.date())
    if round.approved_at or not at_work or db.session.scalar(said):
        return 0
    return _write(round, waiting, local.date(), now)


def _write(round: Round, waiting: Waiting, today: date, now: datetime) -> int:
    db.session.add(DigestAlert(round_id=round.id, day=today, due_on=waiting.due_on, people=waiting.people))
    db.session.flush()
    people = managers(round.organisation_id, now)
    for staff in people:
        tell(digest_waits(round, staff, waiting, now), staff, now)
    audit.record("round.escalated", round, now, managers=len(people))
    return len(people)


def digest_waits(round: Round, staff: Staff, waiting: Waiting, now: datetime) -> Letter:
    """Which round, how many people wait, by when, and where it is approved."""
    survey = round.survey
    with force_locale(staff.language):
        title = words(survey.title, survey.language)
    return letter(
        "digest_waiting", survey.organisation, staff.name, staff.language, now, survey=title, month=round.starts_on,
        due_on=waiting.due_on, people=waiting.people, link=public_url(f"/rounds/{round.id}"),
    )  # fmt: skip
