"""At which address a person is told, by the way they chose."""

from flask_babel import gettext as _
from sqlalchemy import select

from core.db import db
from core.errors import DomainError
from core.text import as_typed
from customers.models import Identity
from customers.recognising import checked_address
from outbox.channels import ADDRESSED
from outbox.numbers import checked_mobile, checked_number

LINES, WIDE = 5, 45
"""Of a postal address: what the window of an envelope shows below a name."""


def checked(channel: str, text: str, country: str) -> str:
    """An address for this channel, by its form; DomainError with a sentence when it cannot be one."""
    if channel == "mail":
        return checked_address(text)
    if channel == "letter":
        return checked_postal(text)
    return checked_mobile(text, country) if channel == "sms" else checked_number(text, country)


def checked_postal(text: str) -> str:
    """As they wrote it, a line a line."""
    lines = [line.strip() for line in as_typed(text, LINES * WIDE * 2).splitlines() if line.strip()]
    if not 1 < len(lines) <= LINES or any(len(line) > WIDE for line in lines):
        raise DomainError(
            _(
                "A postal address has two to five lines of at most 45 characters: the street, the town, the country."
            )
        )
    return "\n".join(lines)


def address_id(customer_id: int, channel: str) -> int | None:
    """The number of the address that they gave last for this channel; None where they gave none."""
    mine = Identity.customer_id == customer_id, Identity.kind == ADDRESSED[channel]
    return db.session.scalar(select(Identity.id).where(*mine).order_by(Identity.id.desc()).limit(1))
