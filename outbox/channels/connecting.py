"""Reaching a mail server: TLS where it was asked for, never silently without."""

import smtplib
import socket
import ssl
from urllib.parse import SplitResult, parse_qs, unquote

CONNECT_SECONDS = 20.0


def connect(url: SplitResult, name: str) -> smtplib.SMTP:
    """A connection that is ready for MAIL; OSError or SMTPException when there is none."""
    client = _reach(url, name)
    try:
        _sign_in(client, url)
    except BaseException:
        client.close()
        raise
    return client


def _reach(url: SplitResult, name: str) -> smtplib.SMTP:
    where = str(url.hostname), port_of(url), name
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(*where, timeout=CONNECT_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(*where, timeout=CONNECT_SECONDS)


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
