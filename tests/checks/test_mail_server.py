"""The mail server is greeted on a real socket: in time, in private, and known to it; nothing is sent."""

import ssl
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from core.findings import Finding
from outbox.checks import server as checking
from outbox.checks.all import mail
from outbox.checks.server import at_home, server
from tests.checks.conftest import Changed
from tests.outbox.test_connecting import TLS, certificate, only_alice, serving
from tests.sink import Sink


def seen(now: datetime) -> dict[str, Finding]:
    return {one.name: one for one in server(now)}


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.crt"))


def test_a_server_at_home_in_the_open_is_fine(changed: Changed, smtp_server: Sink, now: datetime) -> None:
    changed(smtp_url=smtp_server.url)
    found = seen(now)
    assert found["Mail server"].state == found["TLS"].state == "ok"
    assert found["Time of the mail server"].state == "unknown"
    assert not smtp_server.mails


def test_tls_is_named_with_its_version(changed: Changed, now: datetime, trusted: None) -> None:
    with serving(tls_context=certificate(), require_starttls=True) as sink:
        changed(smtp_url=f"smtp://localhost:{sink.port}?starttls=1")
        found = seen(now)["TLS"]
    assert (found.state, "TLSv1" in found.words) == ("ok", True)


def test_a_certificate_that_ends_soon(changed: Changed, now: datetime, trusted: None) -> None:
    held = ssl._ssl._test_decode_cert(str(TLS / "localhost.crt"))  # type: ignore[attr-defined]
    late = datetime.fromtimestamp(ssl.cert_time_to_seconds(held["notAfter"]), now.tzinfo) - timedelta(days=3)
    with serving(context=certificate()) as sink:
        changed(smtp_url=f"smtps://localhost:{sink.port}")
        found = seen(late)["TLS"]
    assert (found.state, "ends in 3 days" in found.words) == ("attention", True)


def test_a_certificate_of_nobody_we_know_is_never_passed_over(changed: Changed, now: datetime) -> None:
    with serving(context=certificate()) as sink:
        changed(smtp_url=f"smtps://localhost:{sink.port}")
        found = seen(now)["Mail server"]
    assert (found.state, "certificate" in found.remedy) == ("broken", True)


def test_a_wrong_password_is_told_in_the_servers_words(
    changed: Changed, now: datetime, trusted: None
) -> None:
    with serving(tls_context=certificate(), authenticator=only_alice) as sink:
        changed(smtp_url=f"smtp://alice:wr0ngword@localhost:{sink.port}?starttls=1")
        found = seen(now)["Mail server"]
    assert (found.state, "535" in found.words, "password in SMTP_URL" in found.remedy) == (
        "broken",
        True,
        True,
    )
    assert "wr0ngword" not in f"{found}"


def test_nothing_listens(changed: Changed, now: datetime) -> None:
    changed(smtp_url="smtp://127.0.0.1:9")
    found = seen(now)["Mail server"]
    assert (found.state, "Nothing listens there" in found.remedy) == ("broken", True)


def test_a_server_that_says_nothing_is_not_waited_for(
    changed: Changed, smtp_server: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.2)
    smtp_server.then(["banner_silent"])
    changed(smtp_url=smtp_server.url)
    found = seen(now)["Mail server"]
    assert (found.state, "firewall" in found.remedy) == ("broken", True)


@pytest.mark.parametrize(("late", "state"), [(0, "ok"), (600, "broken")])
def test_the_time_a_server_says_when_it_greets(
    changed: Changed, now: datetime, monkeypatch: pytest.MonkeyPatch, late: int, state: str
) -> None:
    theirs = now + timedelta(seconds=late)
    with serving(ident=f"Sendmail ready; {theirs:%a, %d %b %Y %H:%M:%S +0000}") as sink:
        changed(smtp_url=sink.url)
        assert seen(now)["Time of the mail server"].state == state


@pytest.mark.parametrize(
    ("url", "state"), [("smtp://mail.our-shop.nl", "attention"), ("smtp://me:secret@mail.our-shop.nl", "broken")]
)  # fmt: skip
def test_mail_in_the_open_to_a_server_far_away(app: Flask, now: datetime, url: str, state: str) -> None:
    met = checking.Met(0.1, "220 hello", offers_tls=True, tls="", until=None)
    found = checking._private(urlsplit(url), met, now)
    assert (found.state, "“?starttls=1”" in found.remedy) == (state, True)


@pytest.mark.parametrize(
    ("host", "home"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("mail", True), ("mx.lan", True), ("9.9.9.9", False), ("mail.our-shop.nl", False)]
)  # fmt: skip
def test_what_lies_in_our_own_network(host: str, home: bool) -> None:
    assert at_home(host) is home


def test_where_nothing_leaves_nobody_is_asked(changed: Changed, now: datetime) -> None:
    changed(smtp_url="")
    (found,) = mail(now)
    assert (found.state, "SMTP_URL" in found.remedy) == ("attention", True)
