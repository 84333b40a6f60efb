"""Asking the DNS, with patience that ends. Nothing found is an answer; no answer is not."""

from typing import Any

import dns.exception
import dns.resolver
import dns.reversename
from flask_babel import gettext as _

from core.settings import settings

SECONDS = 4.0
"""For one question, over all servers."""


class NoAnswerError(Exception):
    """Nobody can know now; says why."""


def texts(name: str) -> list[str]:
    """TXT records of a name, each in one piece."""
    return [b"".join(record.strings).decode("utf-8", "replace") for record in _asked(name, "TXT")]


def addresses(host: str) -> list[str]:
    return [str(record.address) for kind in ("A", "AAAA") for record in _asked(host, kind)]


def pointers(address: str) -> list[str]:
    """The names that an address says it has."""
    return [str(r.target).rstrip(".") for r in _asked(dns.reversename.from_address(address).to_text(), "PTR")]


def _asked(name: str, kind: str) -> list[Any]:
    try:
        return list(_resolver().resolve(name, kind, lifetime=SECONDS))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.resolver.NoResolverConfiguration:
        raise NoAnswerError(_("this machine knows no name server")) from None
    except dns.exception.Timeout:
        raise NoAnswerError(
            _("the name server did not answer within %(n)s seconds", n=int(SECONDS))
        ) from None
    except (dns.exception.DNSException, OSError) as error:
        raise NoAnswerError(
            _("the name server gave no answer (%(error)s)", error=type(error).__name__)
        ) from None


def _resolver() -> dns.resolver.Resolver:
    """DNS_SERVER's where it is set, else the machine's own. Search domains would find records of somebody else."""
    named = settings().dns_server
    resolver = dns.resolver.Resolver(configure=not named)
    resolver.search = []
    if named:
        host, _sign, port = named.rpartition(":") if named.count(":") == 1 else (named, "", "")
        resolver.nameservers, resolver.port = [host], int(port or 53)
    return resolver
