"""What stands at the foot of a mail, so that somebody can ask at /verify whether it is really ours.

`1234-K7MQ-X4TW`: the message's number, and eight signs that only who has our key can compute. Nothing is stored for it. It is put in
when the message is frozen, so that it is the same at every try, and costs the sender nothing.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core import links
from core.db import db
from core.ids import LAST
from core.models import Organisation
from outbox.models import Message
from outbox.streams import stream

MARK = secrets.token_hex(12)
"""Stands in a letter for the reference of its message until it has a number; nobody can guess it, so no quoted word can stand for it."""
PURPOSE = "reference"
_MISREAD = str.maketrans("018", "OIB")
_SHAPE = re.compile(r"([1-9][0-9]{0,18})([A-Z2-7]{8})")


@dataclass(frozen=True, slots=True)
class Sent:
    """What may be said about a message to whoever holds its reference: nothing personal."""

    organisation: str
    timezone: str
    about: str
    """sign_in, staff, survey or service"""
    at: datetime | None
    """When it was sent; None: it was not."""
    certain: bool
    """False: it was handed over, and nobody can know whether it arrived."""


def line() -> str:
    """The last line of a letter, in the language that is being spoken."""
    return _(
        "Reference: %(reference)s. At %(address)s you see whether a mail with it is really ours.",
        reference=MARK, address=links.public_url("/verify"),
    )  # fmt: skip


def put_in(body: str, message_id: int) -> str:
    return body.replace(MARK, of(message_id)) if MARK in body else body


def of(message_id: int) -> str:
    signs = links.short_mac(PURPOSE, message_id)[0]
    return f"{message_id}-{signs[:4]}-{signs[4:]}"


def read(typed: str) -> int | None:
    """The number of the message; None where we never wrote this reference. As people copy it: any case, any signs between."""
    signs = re.sub(r"[\W_]", "", typed[:100].upper())
    found = _SHAPE.fullmatch(signs[:-8] + signs[-8:].translate(_MISREAD))
    if not found or int(found[1]) > LAST:
        return None
    id = int(found[1])
    return id if links.is_one_of(found[2], links.short_mac(PURPOSE, id)) else None


def sent(typed: str) -> Sent | None:
    """What became of the message with this reference; None for a stranger's."""
    id = read(typed)
    row = db.session.execute(_ABOUT.where(Message.id == id)).one_or_none() if id else None
    if row is None:
        return None
    name, timezone, kind, state, sent_at, tried_at = row
    unsure = state in {"transmitting", "unknown"}
    return Sent(
        name,
        timezone,
        "sign_in" if kind == "sign_in" else stream(kind),
        sent_at or (tried_at if unsure else None),
        not unsure,
    )


_ABOUT = select(
    Organisation.name,
    Organisation.timezone,
    Message.kind,
    Message.state,
    Message.sent_at,
    Message.next_attempt_at,
).join(Organisation, Organisation.id == Message.organisation_id)
