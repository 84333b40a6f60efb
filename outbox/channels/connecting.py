"""Reaching a mail server: TLS where it was asked for, never silently without."""

import smtplib
import socket
import ssl
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, unquote

CONNECT_SECONDS = 20.0
Clients = tuple[Callable[..., smtplib.SMTP], Callable[..., smtplib.SMTP]]
"""(in the open, with TLS from the start)"""


def connect(
    url: SplitResult,
    name: str,
    seconds: float | None = None,
    clients: Clients = (smtplib.SMTP, smtplib.SMTP_SSL),
) -> smtplib.SMTP:
    """A connection that is ready for MAIL, within `CONNECT_SECONDS` unless said; OSError or SMTPException when there is none."""
    client = _reach(url, name, seconds or CONNECT_SECONDS, clients)
    try:
        _sign_in(client, url)
    except BaseException:
        client.close()
        raise
    return client


def _reach(url: SplitResult, name: str, seconds: float, clients: Clients) -> smtplib.SMTP:
    where = str(url.hostname), port_of(url), name
    if url.scheme == "smtps":
        return clients[1](*where, timeout=seconds, context=ssl.create_default_context())
    return clients[0](*where, timeout=seconds)


def port_of(url: SplitResult) -> int:
    return url.port or (465 if url.scheme == "smtps" else 25)


def _sign_in(client: smtplib.SMTP, url: SplitResult) -> None:
    if client.sock is not None:  # small writes at once: waiting for more costs 40 ms a mail
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.ehlo_or_helo_if_needed()
    if parse_qs(url.query).get("starttls") == ["1"]:
        client.starttls(context=ssl.create_default_context())
        client.ehlo()
    if url.username:
        client.login(unquote(url.username), unquote(url.password or ""))
