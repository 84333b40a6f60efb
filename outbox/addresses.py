"""Mail addresses: one at a time, by their form, never by asking the network."""

import re
from functools import lru_cache

from core.links import keyed_hash
from core.text import search_key

RESERVED = re.compile(r"(.+\.)?(example\.(com|net|org)|example|test|invalid|localhost)")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@lru_cache(maxsize=4096)
def one_address(text: str) -> str | None:
    """The address as it is written on the wire (its domain in ASCII), or None when it is not exactly one."""
    local, at, domain = text.strip().rpartition("@")
    wire = f"{local}{at}{_on_the_wire(domain)}"
    return wire if len(wire) <= 254 and len(local) <= 64 and _PLAIN.fullmatch(wire) else None


@lru_cache(maxsize=1024)
def _on_the_wire(domain: str) -> str:
    """In ASCII; nothing when no name in DNS can look like this."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return ""


def domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def is_reserved(address: str) -> bool:
    """Whether its domain is one that can belong to nobody (RFC 2606, RFC 6761)."""
    return RESERVED.fullmatch(domain(address)) is not None


def recipient_key(address: str) -> str:
    """What suppressions and messages are compared by."""
    return keyed_hash(search_key(address))
