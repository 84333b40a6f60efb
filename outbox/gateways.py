"""The gateway of text messages as a row: set up, tried, removed, and what came of what it was given."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.db import db
from core.models import Organisation
from outbox.holding import held
from outbox.models_texts import TextGateway
from outbox.outlets.errands import Errand, Outcome, run
from outbox.outlets.keeping import WAITS
from outbox.outlets.trying import ask, stays


def gateway_of(organisation_id: int) -> TextGateway | None:
    return db.session.scalar(select(TextGateway).where(TextGateway.organisation_id == organisation_id))


def gateways(organisation_ids: Collection[int]) -> dict[int, TextGateway]:
    """organisation → its gateway, where it has one"""
    found = db.session.scalars(select(TextGateway).where(TextGateway.organisation_id.in_(organisation_ids)))
    return {gateway.organisation_id: gateway for gateway in found}


def judge(address: str, organisation: Organisation) -> Outcome:
    """Whether texts may go there; sealed, when they may."""
    return ask(address, organisation, texts=True)


def set_up(organisation: Organisation, judged: Outcome, now: datetime) -> TextGateway:
    """With an address that was judged and sealed, in the place of the one before: what was wrong with that is over."""
    db.session.get_one(Organisation, organisation.id, with_for_update=True)
    gateway = gateway_of(organisation.id) or TextGateway(organisation_id=organisation.id, created_at=now)
    gateway.service, gateway.shown, gateway.sealed = judged.service, judged.shown, judged.sealed
    _well(gateway)
    db.session.add(gateway)
    db.session.flush()
    audit.record("text_gateway.set_up", gateway, now, service=gateway.service)
    return gateway


def remove(gateway: TextGateway, now: datetime) -> None:
    """Its address is wiped, and nobody is offered a text any more; who chose one is told in the other way they allowed."""
    organisation = gateway.organisation
    organisation.channels = [c for c in organisation.channels if c != "sms"]
    audit.record("text_gateway.removed", gateway, now)
    db.session.delete(gateway)
    db.session.flush()


def note(gateway: TextGateway, answer: Outcome, now: datetime) -> None:
    """What it did with a text: after a fault of its own it rests, longer each time in a row."""
    if not answer.problem:
        gateway.sent_at = now
        _well(gateway)
    elif answer.problem != "held":
        gateway.failed_at, gateway.problem, gateway.reply = now, answer.problem, answer.reply[:300]
        gateway.next_try_at = now + WAITS[min(gateway.tries, len(WAITS) - 1)]
        gateway.tries += 1
    db.session.flush()


def failure(gateway: TextGateway) -> Outcome | None:
    """Why it took nothing the last time."""
    return Outcome(gateway.problem, gateway.reply) if gateway.problem else None


def errand(gateway: TextGateway, number: str, words: str) -> Errand:
    return Errand(
        sealed=gateway.sealed, body=words, to=number, texts=True, only_permitted=stays(gateway.organisation)
    )


def send(gateway: TextGateway, number: str, words: str) -> Outcome:
    """Now, for a person who waits for it. Never inside a transaction."""
    return Outcome("held") if held() else run([errand(gateway, number, words)])[0]


def _well(gateway: TextGateway) -> None:
    gateway.failed_at = gateway.problem = gateway.next_try_at = None
    gateway.reply, gateway.tries = "", 0
