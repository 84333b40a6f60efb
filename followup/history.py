"""What happened between a respondent and us, one line an event: each promise with how it ended, each message with what became of it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.db import db
from followup.models import CheckBack, Verdict
from followup.models_replies import Reply
from outbox.channels import OFFERED
from outbox.models import LOST
from promises.models import Promise, Update
from surveys.models_responses import Response
from surveys.on_the_phone import SOURCE
from triage.wording import emotion

Line = tuple[str, str, datetime]
"""(words, who, when)"""


def history(response: Response, promises: list[Promise]) -> list[Line]:
    """Oldest first: their answer, what was promised and how that ended, each message, and what they said."""
    you, us = _("you"), response.survey.organisation.name
    events = [(_told(response), you, response.submitted_at)]
    events += [(_("You changed your answer"), you, moment) for moment in _changed(response)]
    events += [(_("You wrote back"), you, moment) for moment in _wrote_back(response)]
    events += [line for promise in promises for line in _promised(promise)]
    events += [
        (_delivery(u), u.promise.who.name, _when(u))
        for u in _distinct(u for p in promises for u in p.updates)
    ]
    events += [(_("We asked once more whether it helped"), us, c.asked_at) for c in _asked(response)]
    said = db.session.scalars(select(Verdict).where(Verdict.response_id == response.id))
    events += [(verdict_words(v), you, v.created_at) for v in said]
    return sorted(events, key=lambda event: event[2])


def _told(response: Response) -> str:
    return _("You told us on the phone") if response.source == SOURCE else _("You answered")


def _changed(response: Response) -> Iterable[datetime]:
    return {a.said_at: None for a in response.answers if a.said_at}


def _wrote_back(response: Response) -> Iterable[datetime]:
    return db.session.scalars(
        select(Reply.came_at).where(Reply.response_id == response.id).order_by(Reply.id)
    )


def _asked(response: Response) -> Iterable[CheckBack]:
    """One line for each time, however many actions it was about."""
    found = db.session.scalars(select(CheckBack).where(CheckBack.response_id == response.id))
    return {c.asked_at: c for c in found}.values()


def _promised(promise: Promise) -> Iterator[Line]:
    """What was promised, and how it ended: late is said as it is."""
    who, day = promise.who.name, format_date(_due(promise), "d MMMM y")
    yield _("Promised: you hear from us by %(day)s", day=day), who, promise.opened_at
    if promise.ended_at and (ending := _ending(promise, day)):
        yield ending, who, promise.ended_at


def _due(promise: Promise) -> date:
    return promise.due_on or clock.local_date(promise.due_at, promise.response.survey.organisation.timezone)


def _ending(promise: Promise, day: str) -> str:
    if promise.ended_as == "moved":
        return _("The date of %(day)s was moved before it passed", day=day)
    if promise.ended_as == "cancelled":
        return _("Not owed any more in this way, because of what you chose or said")
    if promise.ended_at and promise.is_late(promise.ended_at):
        return _late(promise, promise.ended_at, day)
    return _("Kept: we wrote by the promised date, %(day)s", day=day)


def _late(promise: Promise, ended_at: datetime, day: str) -> str:
    ended_on = clock.local_date(ended_at, promise.response.survey.organisation.timezone)
    return ngettext(
        "Late: we wrote %(num)d day after the promised date, %(day)s",
        "Late: we wrote %(num)d days after the promised date, %(day)s",
        max((ended_on - _due(promise)).days, 1),
        day=day,
    )


def _distinct(updates: Iterable[Update]) -> list[Update]:
    """One line a message, and one for each word that stands on this page only."""
    by_key = {u.message_key or f"page{u.id}": u for u in updates if u.message_key or u.words}
    return list(by_key.values())


def _when(update: Update) -> datetime:
    return (update.message and update.message.sent_at) or update.composed_at


def _delivery(update: Update) -> str:
    """What became of the message, said as it is."""
    if update.channel == "page":
        return _("Written on this page")
    if not update.message:
        return _("A message that should be here is missing")
    subject = update.message.subject
    if update.channel in OFFERED:
        return _by_another_way(update.channel, update.message.state, subject)
    return {
        "sent": _("Mail sent: “%(subject)s”", subject=subject),
        "unknown": _("It is not certain whether this mail arrived: “%(subject)s”", subject=subject),
        "cancelled": _("Mail taken back before it was sent: “%(subject)s”", subject=subject),
        "suppressed": _("Not mailed, since you get no mail from us; it stands on this page"),
        **dict.fromkeys(("bounced", "failed"), _("This mail did not arrive; it stands on this page")),
    }.get(update.message.state, _("Mail waiting to be sent: “%(subject)s”", subject=subject))


def _by_another_way(channel: str, state: str, subject: str) -> str:
    """Of a call, a printed letter and a text message."""
    done = {
        "phone": _("We told you on the phone: “%(subject)s”", subject=subject),
        "letter": _("Letter posted: “%(subject)s”", subject=subject),
        "sms": _("Text message sent: “%(subject)s”", subject=subject),
    }
    lost = {
        "phone": _("We did not reach you by phone; it stands on this page"),
        "letter": _("The letter did not reach you; it stands on this page"),
        "sms": _("The text message did not arrive; it stands on this page"),
    }
    waiting = {
        "phone": _("We are going to call you: “%(subject)s”", subject=subject),
        "letter": _("Letter waiting to be posted: “%(subject)s”", subject=subject),
        "sms": _("Text message waiting to be sent: “%(subject)s”", subject=subject),
    }
    if state == "unknown":
        return _("It is not certain whether this text message arrived: “%(subject)s”", subject=subject)
    return (done if state == "sent" else lost if state in LOST else waiting)[channel]


def verdict_words(verdict: Verdict) -> str:
    """What somebody said, in a sentence."""
    clear = {True: _("You said: it is clear"), False: _("You said: it is not clear"), None: ""}[verdict.clear]
    solved = {True: _("You said: this solves it"), False: _("You said: this does not solve it"), None: ""}[
        verdict.solved
    ]
    felt = _("You feel: %(emotion)s", emotion=emotion(verdict.emotion)) if verdict.emotion else ""
    return " · ".join(part for part in (clear, solved, felt) if part)
