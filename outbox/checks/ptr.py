"""PTR: the address of the mail server has a name, and the name that address."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask_babel import gettext as _

from core.findings import Finding, attention, ok, unknown
from core.settings import settings
from outbox.checks import names

NAME = "PTR"


def ptr(_now: datetime) -> Iterator[Finding]:
    """Of a server in our own network only its inner address is known, and the outer one is what counts."""
    host = str(urlsplit(settings().smtp_url).hostname)
    try:
        found = [host] if _is_address(host) else names.addresses(host)
        outer = [address for address in found if ip_address(address).is_global]
        if outer:
            yield from (_judged(address) for address in outer)
        elif found:
            yield unknown(
                NAME,
                _(
                    "%(host)s has an address inside your own network; from which it sends cannot be seen here",
                    host=host,
                ),
            )
        else:
            yield unknown(NAME, _("%(host)s has no address in the DNS", host=host))
    except names.NoAnswerError as why:
        yield unknown(NAME, str(why))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _judged(address: str) -> Finding:
    called = names.pointers(address)
    if any(address in names.addresses(name) for name in called):
        return ok(
            NAME,
            _(
                "%(address)s is called %(name)s, and that name leads back to it.",
                address=address,
                name=called[0],
            ),
        )
    remedy = _(
        "Ask whoever gave you the address to set its reverse DNS to the name of your mail server; many providers refuse mail without it."
    )
    if called:
        return attention(
            NAME,
            _(
                "%(address)s is called %(name)s, and that name does not lead back to it.",
                address=address,
                name=called[0],
            ),
            remedy,
        )
    return attention(NAME, _("%(address)s has no name.", address=address), remedy)
