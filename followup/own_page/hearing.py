"""How a respondent wants to hear: by mail, on their own page, or not at all. It can be changed at any time."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core import audit
from core.db import db
from core.errors import DomainError
from customers.models import Customer, Identity
from customers.reaching_them import address_id, checked
from customers.recognising import FORMS_OF_ADDRESS, Contact, identity, recognise, remember
from followup.plans.planning import awaits_a_plan
from outbox.channels import ADDRESSED, OFFERED
from outbox.suppressing import suppression
from promises.ending import end
from promises.models import Promise
from promises.opening import due, due_today, first_due, open_promise
from promises.succeeding import succeed
from surveys.models_responses import Response
from triage.commenting import comments_of
from triage.tagging import open_promise_of

AGAIN = {"not_clear": "not_clear", "not_solved": "not_solved", "reply": "reply", "correction": "correction"}
"""Causes that stay what they were when somebody wants to hear after all; others begin as an answer does."""


def way(response: Response) -> str:
    """A channel, or none."""
    return "none" if response.declined_at else response.channel


def choose(response: Response, wish: str, address: str, now: datetime, otherwise: str = "") -> None:
    """From now on they hear in this way, and `otherwise` where it fails. DomainError with a sentence when that cannot be.

    An address is asked only of who gave none. It is claimed like any other that is typed: what is sent to
    it before a person of ours has read what they wrote quotes nothing.
    """
    response.otherwise = otherwise if wish in OFFERED else ""
    if wish == way(response):
        return
    was = response.channel
    if wish in ADDRESSED:
        _by_message(response, wish, address, now)
    elif wish == "page":
        response.channel = "page"
    _owe(response, wish, was, now)
    audit.record(f"response.hears_{wish}", response, now)


def address_for(response: Response, channel: str) -> Identity | None:
    """The address of theirs that this way would lead to."""
    known = response.identity
    if known and known.kind == ADDRESSED[channel]:
        return known
    held = address_id(response.customer_id, channel) if response.customer_id else None
    return db.session.get_one(Identity, held) if held else None


def _by_message(response: Response, channel: str, address: str, now: datetime) -> None:
    if response.survey.anonymous and not response.identity:
        raise DomainError(
            _("This survey is anonymous: with your address we would know who you are. You hear on this page.")
        )
    if channel in OFFERED and channel not in response.survey.organisation.channels:
        raise DomainError(_("This way is not offered any more. Choose another one."))
    known = address_for(response, channel)
    if known and suppression(response.organisation_id, known.value):
        raise DomainError(
            _("Your address gets no mail from us. Tell us if you do want mail; below is how to reach us.")
            if channel == "mail"
            else _("Nothing of ours goes to this address or number any more. Choose another way.")
        )
    response.identity = known or _claim(response, channel, address, now)
    response.channel = channel


def _claim(response: Response, channel: str, address: str, now: datetime) -> Identity | None:
    """It is theirs from now on; one that was somebody's already leads to that person."""
    value = checked(channel, address, response.survey.organisation.country)
    customer = response.customer
    name = customer.name if customer else ""
    contact = Contact(name=name, language=response.language, **{FORMS_OF_ADDRESS[ADDRESSED[channel]]: value})
    known = response.customer_id and remember(response.organisation_id, response.customer_id, contact, now)
    if not known:
        found = recognise(response.organisation_id, contact, now)
        response.customer = db.session.get(Customer, found.customer_id) if found else None
    return identity(response.organisation_id, value, ADDRESSED[channel], name)


def _owe(response: Response, wish: str, was: str, now: datetime) -> None:
    """What is open ends with the wish; who wants to hear again is owed again what they did not hear."""
    owed, declined = open_promise_of(response), response.declined_at
    response.declined_at = now if wish == "none" else None
    if wish == "none" and owed:
        end(owed, "cancelled", now)
    elif owed and wish != was:
        succeed(owed, "cancelled", now)
    elif declined and not owed and _unheard(response, now):
        _promise_again(response, now)
    db.session.flush()


def _unheard(response: Response, now: datetime) -> bool:
    """Whether something of theirs is not settled, or was and has not been told."""
    if response.erased_at or response.history:
        return False
    last, comments = _last(response), comments_of(response)
    untold = any(t.told_at is None for c in comments for t in c.live_tags)
    return not last or last.ended_as != "told" or untold or any(c.state(now) == "open" for c in comments)


def _promise_again(response: Response, now: datetime) -> None:
    because = _because(_last(response))
    open_promise(response, because, *_due(response, because, now), now)


def _because(last: Promise | None) -> str:
    """What was planned is owed again as that: its word is the outcome, and no answer to what they said."""
    if not last:
        return "answer"
    if awaits_a_plan(last):
        return "planned"
    return AGAIN.get(last.because, "more" if last.ended_as == "told" else "answer")


def _due(response: Response, because: str, now: datetime) -> tuple[datetime, date | None]:
    if because == "correction":
        return due_today(response.survey, now)
    return first_due(response, now) if because == "answer" else due(response.survey, now)


def _last(response: Response) -> Promise | None:
    query = select(Promise).where(Promise.response_id == response.id).order_by(Promise.id.desc())
    return db.session.scalar(query.limit(1))
