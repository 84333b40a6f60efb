"""What Zammad's webhook says: read from its documented payload, of which much may be missing, and judged by its signature.

https://admin-docs.zammad.org/en/latest/manage/webhook/payload.html
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1, sha256
from typing import Any

from flask_babel import gettext as _

from core.errors import DomainError
from core.text import one_line

LONGEST_TICKET, LONGEST_STATE, LONGEST_DELIVERY = 60, 60, 100


@dataclass(frozen=True, slots=True)
class Event:
    """A ticket as it was when this was sent, and its customer."""

    ticket: str
    state: str
    email: str
    name: str
    language: str


def is_signed(body: bytes, said: str, secrets: Sequence[str]) -> bool:
    """The header says `sha1=` and the HMAC-SHA1 of the body, in hexadecimal."""
    found = said.strip().lower().removeprefix("sha1=").encode("utf-8", "replace")
    right = [hmac.digest(secret.encode(), body, sha1).hex().encode() for secret in secrets]
    return any([hmac.compare_digest(found, one) for one in right])  # noqa: C419 - in the same time, whichever it is


def number_of(said: str, body: bytes) -> str:
    """Of the delivery: the same each time Zammad tries again. One without a number is known by what it says."""
    known = one_line(said, LONGEST_DELIVERY)
    return known or f"sha256 {sha256(body).hexdigest()}"


def read(payload: Any) -> Event:
    """DomainError with a sentence for what names no ticket; whatever else is missing is empty."""
    ticket = _part(payload, "ticket")
    number = _said(ticket, "number", LONGEST_TICKET) or _said(ticket, "id", LONGEST_TICKET)
    if not number:
        raise DomainError(
            _("There is no ticket in this. Leave the payload in Zammad as it is, without one of your own.")
        )
    customer = _part(ticket, "customer")
    name = " ".join(part for key in ("firstname", "lastname") if (part := _said(customer, key)))
    return Event(number, _state(ticket), _said(customer, "email", 320), one_line(name), _language(customer))


def _part(held: Any, key: str) -> dict[str, Any]:
    found = held.get(key) if isinstance(held, dict) else None
    return found if isinstance(found, dict) else {}


def _said(held: dict[str, Any], key: str, limit: int = 200) -> str:
    """Words or a number; nothing for a list, an object or a yes."""
    found = held.get(key)
    usable = isinstance(found, str | int) and not isinstance(found, bool)
    return one_line(str(found), limit) if usable else ""


def _state(ticket: dict[str, Any]) -> str:
    """A name; in some versions an object that has one."""
    return _said(ticket, "state", LONGEST_STATE) or _said(_part(ticket, "state"), "name", LONGEST_STATE)


def _language(customer: dict[str, Any]) -> str:
    """Zammad leaves a customer's preferences out; an own field of this name is sent along."""
    found = (_said(customer, key, 40) for key in ("language", "locale"))
    return next((said[:2].lower() for said in found if said), "")
