"""What is past its time, and how it is forgotten: one list of what each room knows, as for a person who is erased.

Each kind is found by a query of ids and forgotten some at a time. Who finds nothing has nothing left to do: so a clock
that was killed goes on, and a copy that was restored forgets again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update

from accounts import past_time as accounts
from core.db import Rows, db
from core.rows import among
from customers.past_time import forget_customers, out_of_answers_to_programs
from followup import erasing as followup
from followup import past_time as beside
from outbox import erasing as outbox
from outbox import past_time as mail
from promises import erasing as promises
from promises import past_time as owed
from reports.erasure.revising import revise, without_words
from reports.models import Report
from reports.schedules.models import Delivery, Part
from surveys import past_time as surveys
from surveys.models_responses import Response
from triage import erasing as triage

Find = Callable[[int, datetime], Rows]
Forget = Callable[[Sequence[int], datetime], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`find(organisation, until)`: the ids of what is older; `forget(ids, now)`: inside `writing()`.

    `ahead(ids)`: what is looked for at length for them, while nobody waits; it returns what is done inside.
    """

    category: str
    find: Find
    forget: Forget
    ahead: Callable[[Sequence[int]], Callable[[], None]] | None = None


def _named(organisation_id: int, until: datetime) -> Rows:
    return surveys.old_answers(organisation_id, until, named=True).where(~owed.is_needed(until))


def _unnamed(organisation_id: int, until: datetime) -> Rows:
    return surveys.old_answers(organisation_id, until, named=False).where(~owed.is_needed(until))


def forget_answers(ids: Sequence[int], now: datetime) -> None:
    """As when a person is erased, but for what says that they were told: nothing of it is about another answer of theirs."""
    here = db.session.scalars(select(Response.organisation_id).where(among(Response.id, ids))).first() or 0
    comments = triage.comments_of(ids)
    about = outbox.told_staff(here, triage.passed_on(comments) | followup.alerted(ids))
    mails = promises.messages_of(ids) | followup.messages_of(ids) | surveys.mails_that_asked(ids)
    kept = owed.shared_with_others(sorted(mails), ids)
    for messages, state in ((mails - kept, "suppressed"), (about, "cancelled")):
        if messages:
            outbox.forget_messages(messages, state, now)
    revise(here, ids, now)
    followup.forget(ids, now)
    beside.untie_codes(ids)
    promises.forget(ids, now)
    surveys.forget_answers(ids, now)
    if comments:
        triage.forget(comments, now)
    db.session.expire_all()


def _messages(organisation_id: int, until: datetime) -> Rows:
    return mail.old_messages(organisation_id, until).where(~owed.carries_what_is_owed())


def forget_messages(ids: Sequence[int], now: datetime) -> None:  # noqa: ARG001 - as each of them is called
    mail.forget_words(ids)
    owed.forget_words_of(ids)


def _incoming(organisation_id: int, until: datetime) -> Rows:
    return mail.old_incoming(organisation_id, until).where(~beside.answers_what_is_owed())


def forget_incoming(ids: Sequence[int], now: datetime) -> None:  # noqa: ARG001
    outbox.forget_incoming(ids)
    beside.forget_reply_marks(ids)


def forget_invitations(ids: Sequence[int], now: datetime) -> None:
    outbox.forget_messages(surveys.mails_of(ids), "suppressed", now)
    surveys.forget_invitations(ids, now)


def forget_replies(ids: Sequence[int], now: datetime) -> None:  # noqa: ARG001
    mail.forget_replies(ids)


def _reports(organisation_id: int, until: datetime) -> Rows:
    """By when they were asked for: one that was made again without somebody's words is no younger for it."""
    drawn = Report.state == "ready", Report.pdf.is_not(None), Report.requested_at <= until
    return select(Report.id).where(Report.organisation_id == organisation_id, *drawn)


def forget_reports(ids: Sequence[int], now: datetime) -> None:  # noqa: ARG001
    """The bytes and the quotes go, and to whom it was mailed. The figures stay, and its number."""
    for report in db.session.scalars(select(Report).where(among(Report.id, ids))).all():
        report.pdf, report.figures = None, without_words(report.figures) if report.figures else None
    mailed = exists().where(Part.run_id == Delivery.run_id, among(Part.report_id, ids))
    change = update(Delivery).where(mailed).values(address="")
    db.session.execute(change.execution_options(synchronize_session=False))
    db.session.flush()


KINDS = (
    Kind(
        "reports", _reports, forget_reports
    ),  # first: what goes whole need not be drawn again without a quote
    Kind("answers", _named, forget_answers),
    Kind("unnamed", _unnamed, forget_answers),
    Kind("messages", _messages, forget_messages),
    Kind("incoming", _incoming, forget_incoming),
    Kind("invitations", surveys.old_invitations, forget_invitations),
    Kind("invitations", surveys.old_customers, forget_customers, out_of_answers_to_programs),
    Kind("technical", mail.old_attempts, forget_replies),
    Kind("technical", surveys.old_deliveries, surveys.forget_deliveries),
    Kind("technical", accounts.old_api_answers, accounts.forget_api_answers),
    Kind("sign_ins", accounts.old_sessions, accounts.forget_sessions),
    Kind("sign_ins", accounts.old_links, accounts.forget_links),
)
"""What somebody began to answer has a tick of its own (`surveys.jobs.forget_unfinished`)."""
