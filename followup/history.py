"""What happened between a respondent and us, one line an event, each message with what became of it."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.db import db
from followup.models import Verdict
from promises.models import Promise, Update
from surveys.models import Response


def history(response: Response, promises: list[Promise]) -> list[tuple[str, str, datetime]]:
    you = _("you")
    """(words, who, when), oldest first: their answer, each message with what became of it, and what they said."""
    events = [(_("You answered"), you, response.submitted_at)]
    updates = [u for p in promises for u in p.updates]
    events += [(_delivery(u), u.promise.who.name, _when(u)) for u in _distinct(updates)]
    said = db.session.scalars(select(Verdict).where(Verdict.response_id == response.id))
    events += [(verdict_words(v), you, v.created_at) for v in said]
    return sorted(events, key=lambda event: event[2])


def _distinct(updates: list[Update]) -> list[Update]:
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
    return {
        "sent": _("Mail sent: “%(subject)s”", subject=subject),
        "unknown": _("It is not certain whether this mail arrived: “%(subject)s”", subject=subject),
        "cancelled": _("Mail taken back before it was sent: “%(subject)s”", subject=subject),
        "suppressed": _("Not mailed, since you get no mail from us; it stands on this page"),
        **dict.fromkeys(("bounced", "failed"), _("This mail did not arrive; it stands on this page")),
    }.get(update.message.state, _("Mail waiting to be sent: “%(subject)s”", subject=subject))


def verdict_words(verdict: Verdict) -> str:
    """What somebody said, in a sentence."""
    clear = {True: _("You said: it is clear"), False: _("You said: it is not clear"), None: ""}[verdict.clear]
    solved = {True: _("You said: this solves it"), False: _("You said: this does not solve it"), None: ""}[
        verdict.solved
    ]
    return " · ".join(part for part in (clear, solved) if part)
