"""Freezing a message: rendered once, stored with its envelope, sent as the same bytes at every try."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, exists, select

from core import rows
from core.db import db
from core.models import Organisation
from core.settings import settings
from core.text import one_line
from outbox import bodies, references
from outbox.addresses import domain, one_address, recipient_key
from outbox.models import Attempt, Message, Suppression
from outbox.slots import new_slot
from outbox.streams import stream, stream_headers

THREE_DAYS = timedelta(hours=72)
FOR_A_YEAR = timedelta(days=365)
"""What a colleague has to do does not lapse over a weekend: it stays on their list, and the answer stays owed."""
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_SUPPRESSED = exists().where(
    Suppression.organisation_id == bindparam("organisation_id"),
    Suppression.address_hash == bindparam("key"),
    Suppression.stream.in_(("", bindparam("stream"))),
)
_SENDER = select(Organisation.name, Organisation.slug, _SUPPRESSED).where(
    Organisation.id == bindparam("organisation_id")
)


class More(TypedDict, total=False):
    """What not every message has. `links` holds name → (purpose, id, version) for each slot in the bodies."""

    links: Mapping[str, Sequence[str | int]]
    recipient_name: str
    headers: Mapping[str, str]
    expires_in: timedelta
    slot: str
    secret: bool
    channel: str


def freeze(  # noqa: PLR0913, PLR0917
    organisation_id: int,
    kind: str,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    sender_name: str,
    language: str,
    now: datetime,
    **more: Unpack[More],
) -> Message:
    """Queue one message to one address in the current transaction; sent from `now` on, until 72 hours later unless said.

    A link called `unsubscribe` also makes the List-Unsubscribe headers; the kind says which stream it is of. A suppressed address makes a row that
    is `suppressed`, one that is no address a row that is `failed`: both are accounted for, neither is sent.
    """
    key, channel = recipient_key(recipient), more.get("channel", "mail")
    mail = one_address(recipient) if channel == "mail" else recipient
    organisation, slug, suppressed = _sender(organisation_id, key, kind)
    message = Message(
        organisation_id=organisation_id,
        key=secrets.token_hex(16),
        kind=kind,
        channel=channel,
        recipient=recipient[:320] if channel == "letter" else one_line(recipient, 320),
        recipient_key=key,
        domain=domain(mail or "")[:255] if channel == "mail" else "",
        sender_name=_signed(sender_name, organisation),
        language=language,
        subject=one_line(subject, 500),
        headers={**_checked(more.get("headers", {})), **stream_headers(kind, slug, settings().domain)},
        **_rest(now, more),
    )
    ended = "suppressed" if suppressed else "" if mail else "failed"
    message = _ended(message, ended, now) if ended else rows.insert(message)
    lost = bool(ended) and message.secret
    words = ("", "") if lost else (references.put_in(body, message.id) for body in (text, html))
    bodies.keep(message, *words)
    return message


def _sender(organisation_id: int, key: str, kind: str) -> Any:
    """Its name and slug, and whether it may not write to this address."""
    return rows.first(_SENDER, organisation_id=organisation_id, key=key, stream=stream(kind))


def _rest(now: datetime, more: More) -> dict[str, Any]:
    return {
        "recipient_name": one_line(more.get("recipient_name", "")),
        "slot": more.get("slot") or new_slot(),
        "links": {name: list(target) for name, target in more.get("links", {}).items()},
        "secret": more.get("secret", False),
        "created_at": now,
        "next_attempt_at": now,
        "expires_at": now + more.get("expires_in", THREE_DAYS),
    }


def _signed(name: str, organisation: str) -> str:
    """The person and their organisation, once each."""
    known = not name or name == organisation or name.endswith(f" · {organisation}")
    return one_line(name or organisation) if known else one_line(f"{name} · {organisation}")


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    """Extra headers are written by programmers: a bad one is an error, not a row."""
    if bad := [
        name for name, value in headers.items() if not _HEADER.fullmatch(name) or not value.isprintable()
    ]:
        raise ValueError(f"not a header: {bad}")
    return dict(headers)


def _ended(message: Message, state: str, now: datetime) -> Message:
    """Written with its end."""
    message.state = state
    message.server_reply = (
        "The address is blocked." if state == "suppressed" else "This is not one mail address."
    )
    message.attempts.append(
        Attempt(message_key=message.key, at=now, outcome=state, reply=message.server_reply)
    )
    db.session.add(message)
    db.session.flush()
    return message
