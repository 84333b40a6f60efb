"""The mail server: does it answer in time, is the way to it private, does it know us? It is greeted, and sent nothing."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from time import monotonic
from urllib.parse import SplitResult, parse_qs, urlsplit

from flask_babel import gettext as _

from core.checks.ticking import apart
from core.findings import Finding, attention, broken, ok, unknown
from core.settings import settings
from outbox.channels.connecting import port_of
from outbox.channels.conversation import words_of
from outbox.channels.overheard import Line, call
from outbox.checks.doors import remedy

SECONDS, SLOW = 10.0, 5.0
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Met:
    """What was seen at the door."""

    seconds: float
    banner: str
    offers_tls: bool
    tls: str
    """Its version; empty for none."""
    until: datetime | None
    """When its certificate ends."""


def server(now: datetime) -> Iterator[Finding]:
    url = urlsplit(settings().smtp_url)
    name, host = _("Mail server"), f"{url.hostname}:{port_of(url)}"
    try:
        met = _meet(url)
    except (OSError, smtplib.SMTPException) as error:
        yield broken(name, _("%(host)s: %(words)s", host=host, words=words_of(error)), remedy(error, url))
        return
    yield _in_time(name, host, met)
    yield _private(url, met, now)
    yield _same_time(met, now)


def _meet(url: SplitResult) -> Met:
    began = monotonic()
    said: list[Line] = []
    with closing(call(url, settings().domain, SECONDS, said)) as client:
        wire = client.sock
        tls = (wire.version() or "") if isinstance(wire, ssl.SSLSocket) else ""
        held = wire.getpeercert() if isinstance(wire, ssl.SSLSocket) else None
        until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(held["notAfter"])), UTC) if held else None
        return Met(monotonic() - began, said[0].words, client.has_extn("starttls"), tls, until)


def _in_time(name: str, host: str, met: Met) -> Finding:
    words = _("%(host)s answers, within %(n)s s.", host=host, n=max(1, round(met.seconds)))
    if met.seconds < SLOW:
        return ok(name, words)
    return attention(name, words, _("That is slow: is its name server, or a list it asks, out of reach?"))


def _private(url: SplitResult, met: Met, now: datetime) -> Finding:
    if not met.tls:
        if at_home(str(url.hostname)):
            return ok(
                "TLS", _("None, and none is needed: the server is on this machine or in its own network.")
            )
        tell = attention if not url.username else broken
        return tell("TLS", _("Mail goes to the server in the open."), _starttls(met, url))
    if met.until and met.until - now < SOON:
        return attention(
            "TLS",
            _("The server’s certificate ends in %(n)s days.", n=(met.until - now).days),
            _("Renew it in time: after that no mail leaves."),
        )
    return ok("TLS", _("The way to the server is private (%(version)s).", version=met.tls))


def _starttls(met: Met, url: SplitResult) -> str:
    if met.offers_tls and parse_qs(url.query).get("starttls") != ["1"]:
        return _("The server offers STARTTLS: put “?starttls=1” behind SMTP_URL.")
    return _("Use a port with TLS: smtps:// at 465, or 587 with “?starttls=1”.")


def _same_time(met: Met, now: datetime) -> Finding:
    """Some servers say the time when they greet."""
    name = _("Time of the mail server")
    try:
        theirs = parsedate_to_datetime(met.banner.partition(";")[2].strip())
    except ValueError:
        return unknown(name, _("it does not say what time it has"))
    return apart(name, now, theirs.astimezone(UTC))


def at_home(host: str) -> bool:
    """On this machine, or in its own network."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return (
            host == "localhost"
            or host.endswith((".localhost", ".local", ".internal", ".lan"))
            or "." not in host
        )
