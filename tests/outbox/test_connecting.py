"""Reaching a mail server: TLS and a name where they are asked for, and a set-up that is wrong makes mail wait."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask

from outbox.channels.smtp import Smtp
from outbox.delivering import deliver
from outbox.models import Message
from tests.cast import Cast
from tests.outbox.post import attempts, queue
from tests.sink import Sink, SinkServer

TLS = Path(__file__).parent / "tls"


def certificate() -> ssl.SSLContext:
    """Of a made-up server that is called localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.crt", TLS / "localhost.key")
    return context


def only_alice(_server: Any, _session: Any, _envelope: Any, _mechanism: str, who: Any) -> AuthResult:
    right = isinstance(who, LoginPassword) and (who.login, who.password) == (b"alice", b"p@ss/word")
    return AuthResult(success=right, handled=False)


@contextmanager
def serving(context: ssl.SSLContext | None = None, **options: Any) -> Iterator[Sink]:
    """A server with other manners; `context` speaks TLS from the start."""
    sink = Sink()
    server = SinkServer(sink)
    server.ssl_context, server.SMTP_kwargs = context, {**server.SMTP_kwargs, **options}
    server.start()
    yield sink
    server.stop()


def try_once(people: Cast, now: datetime, url: str) -> Message:
    message = queue(people.webshop, now)
    deliver(now, Smtp(url, "localhost"))
    return message


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.crt"))


def test_starttls(app: Flask, people: Cast, now: datetime, trusted: None) -> None:
    with serving(tls_context=certificate(), require_starttls=True) as sink:
        message = try_once(people, now, f"smtp://localhost:{sink.port}?starttls=1")
    assert (message.state, len(sink.mails)) == ("sent", 1)


def test_tls_from_the_start(app: Flask, people: Cast, now: datetime, trusted: None) -> None:
    with serving(certificate()) as sink:
        message = try_once(people, now, f"smtps://localhost:{sink.port}")
    assert (message.state, len(sink.mails)) == ("sent", 1)


def test_a_server_nobody_vouches_for_gets_nothing(app: Flask, people: Cast, now: datetime) -> None:
    with serving(tls_context=certificate()) as sink:
        message = try_once(people, now, f"smtp://localhost:{sink.port}?starttls=1")
    assert (message.state, sink.mails) == ("queued", [])
    assert "CERTIFICATE_VERIFY_FAILED" in attempts(message)[0].reply


def test_stripped_starttls_is_not_fallen_back_from(
    app: Flask, people: Cast, now: datetime, trusted: None
) -> None:
    with serving() as sink:
        message = try_once(people, now, f"smtp://localhost:{sink.port}?starttls=1")
    assert (message.state, sink.mails) == ("queued", [])
    assert "STARTTLS" in message.server_reply


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_name_and_a_password(app: Flask, people: Cast, now: datetime) -> None:
    with serving(authenticator=only_alice, auth_required=True, auth_require_tls=False) as sink:
        message = try_once(people, now, f"smtp://alice:p%40ss%2Fword@localhost:{sink.port}")
    assert (message.state, len(sink.mails)) == ("sent", 1)


def test_a_wrong_password_makes_mail_wait_and_alarms(
    app: Flask, people: Cast, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(authenticator=only_alice, auth_require_tls=False) as sink:
        message = try_once(people, now, f"smtp://alice:wrong@localhost:{sink.port}")
    assert (message.state, sink.mails) == ("queued", [])
    assert message.server_reply.startswith("535 5.7.8")
    assert "alarm" in caplog.text


def test_an_answer_to_a_dot_at_the_beginning_of_a_line(app: Flask, people: Cast, now: datetime) -> None:
    with serving() as sink:
        message = queue(people.webshop, now, text=".\n.. two\n.end\n")
        deliver(now, Smtp(sink.url, "localhost"))
    part = sink.mails[0].parsed.get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n") == ".\n.. two\n.end\n"
    assert message.state == "sent"
