"""An admin sees what is set about mail, looks whether it works, and sends a test; a password is shown nowhere."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from core.db import db, writing
from core.models import Event, Organisation
from core.settings import Settings
from outbox import holding, tries
from outbox.models import Message
from tests.browser import Colleague, signed_in
from tests.cast import Cast, make_staff
from tests.outbox.test_connecting import TLS, certificate, only_alice, serving
from tests.pages import Page, get
from tests.sink import Sink

SECRET = "p@ss/word"


@pytest.fixture
def ada(app: Flask, people: Cast, now: datetime) -> Colleague:
    with writing():
        staff = make_staff(people.webshop, "Ada Ames", "admin", now)
    return signed_in(app, staff)


@pytest.fixture
def of_ours(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """A server with a certificate, to which only one name and password are known."""
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.crt"))
    before: Settings = app.config["SETTINGS"]
    with serving(tls_context=certificate(), authenticator=only_alice) as sink:
        url = f"smtp://alice:p%40ss%2Fword@localhost:{sink.port}?starttls=1"
        app.config["SETTINGS"] = before.model_copy(update={"smtp_url": url, "mail_from": "post@our-shop.nl"})
        yield sink
    app.config["SETTINGS"] = before


@pytest.fixture
def plain(smtp_server: Sink) -> Sink:
    """A server of this machine, without TLS; how often it was called is counted from here."""
    smtp_server.connections = 0
    return smtp_server


def test_what_is_set_stands_there_and_no_password(ada: Colleague, of_ours: Sink) -> None:
    of_ours.connections = 0
    page = get(ada, "/settings/mail")
    assert f"localhost:{of_ours.port}, with TLS, signed in as alice" in page.words
    assert "post@our-shop.nl" in page.words
    assert SECRET not in page.html
    assert "p%40ss" not in page.html
    assert of_ours.connections == 0, "a GET calls nobody"


def test_where_no_server_is_set_there_is_none_to_try(ada: Colleague) -> None:
    page = get(ada, "/settings/mail")
    assert "not set: nothing leaves this machine" in page.words
    assert "Send a test to me" not in page.words
    refused = Page(ada.post("/settings/mail/test"))
    assert (refused.status, "set SMTP_URL and start again" in refused.words) == (422, True)


def test_a_test_goes_to_the_one_who_asks_and_every_line_is_shown(ada: Colleague, of_ours: Sink) -> None:
    page = Page(ada.post("/settings/mail/test"))
    (mail,) = of_ours.mails
    assert (mail.recipients, mail.sender) == (("ada@webshop.example",), "post@our-shop.nl")
    assert mail.parsed["Subject"] == "Webshop: this is a test"
    assert "It arrived, so mail works." in mail.parsed.get_content()
    assert "The mail server took the test" in page.words
    said = page.words
    for words in ("we ehlo", "the server 250", "we STARTTLS", "we AUTH •••", "the server 235", "we mail FROM:<post@our-shop.nl>", "the server 354", "bytes]", "the server 250 2.0.0 kept as 1"):  # fmt: skip
        assert words in said, words


def test_no_password_stands_in_what_was_said(ada: Colleague, of_ours: Sink) -> None:
    html = ada.post("/settings/mail/test").text
    for hidden in (SECRET, "AGFsaWNlAHBAc3Mvd29yZA==", "cEBzcy93b3Jk"):
        assert hidden not in html


@pytest.mark.parametrize(
    ("fault", "words", "what"),
    [
        ("rcpt_550_policy", "550 5.7.1 you are not welcome here", "does not take mail for this address"),
        ("mail_451", "451 4.3.0 try later", "does not let us send from MAIL_FROM"),
        ("data_554", "554 5.6.0 spam refused", "its words say why"),
        ("drop_before_accept", "Connection unexpectedly closed", "give them to whoever looks after it"),
    ],
)
def test_what_went_wrong_is_told_in_the_servers_words_with_what_to_do(
    ada: Colleague, plain: Sink, fault: str, words: str, what: str
) -> None:
    plain.then([fault])
    page = Page(ada.post("/settings/mail/test"))
    assert page.status == 200
    assert "The test was not taken" in page.words
    assert words in page.words
    assert what in page.words


def test_a_wrong_password_is_told_and_hidden(app: Flask, ada: Colleague, of_ours: Sink) -> None:
    held = app.config["SETTINGS"]
    url = f"smtp://alice:wr0ngword@localhost:{of_ours.port}?starttls=1"
    app.config["SETTINGS"] = held.model_copy(update={"smtp_url": url})
    page = Page(ada.post("/settings/mail/test"))
    assert "Look at the name and the password in SMTP_URL" in page.words
    assert "wr0ngword" not in page.html


def test_it_is_no_message_and_stands_in_the_history(ada: Colleague, plain: Sink) -> None:
    ada.post("/settings/mail/test")
    assert not db.session.scalars(select(Message)).all()
    assert db.session.scalars(select(Event.verb).where(Event.verb == "mail.tried")).all() == ["mail.tried"]


def test_so_often_and_not_more(
    ada: Colleague, plain: Sink, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr("core.clock.now", lambda: now)
    for _ in range(tries.TRIES):
        assert ada.post("/settings/mail/test").status_code == 200
    refused = Page(ada.post("/settings/mail/test"))
    assert (refused.status, len(plain.mails)) == (429, tries.TRIES)
    assert "Wait 10 minutes" in refused.words
    monkeypatch.setattr("core.clock.now", lambda: now + tries.WITHIN + timedelta(seconds=1))
    assert ada.post("/settings/mail/test").status_code == 200


def test_looking_is_counted_by_itself(ada: Colleague, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("core.clock.now", lambda: now)
    for _ in range(tries.TRIES):
        assert ada.post("/settings/mail/check").status_code == 200
    assert ada.post("/settings/mail/check").status_code == 429
    assert ada.post("/settings/mail/test").status_code == 422, "there is no server to try"


def test_while_mail_is_on_hold_nothing_leaves(ada: Colleague, plain: Sink, now: datetime) -> None:
    with writing():
        holding.hold("a copy was put back", now)
    refused = Page(ada.post("/settings/mail/test"))
    assert (refused.status, plain.connections) == (422, 0)
    assert "on hold" in refused.words


@pytest.mark.parametrize(("what", "word"), [("demo", "reserved addresses"), ("allow", "does not list")])
def test_whom_nobody_here_may_write_to(app: Flask, ada: Colleague, plain: Sink, what: str, word: str) -> None:
    if what == "demo":
        with writing():
            db.session.scalars(select(Organisation).where(Organisation.slug == "webshop")).one().demo = True
            db.session.execute(text("UPDATE staff SET email = 'ada@our-shop.nl' WHERE name = 'Ada Ames'"))
    else:
        held = app.config["SETTINGS"]
        app.config["SETTINGS"] = held.model_copy(update={"mail_allow": ("our-shop.nl",)})
    refused = Page(ada.post("/settings/mail/test"))
    assert (refused.status, word in refused.words, plain.connections) == (422, True, 0)


def test_looking_shows_what_was_found_and_sends_nothing(app: Flask, ada: Colleague) -> None:
    page = Page(ada.post("/settings/mail/check"))
    assert (page.status, "What was found" in page.words) == (200, True)
    assert "None is set: nothing leaves this machine" in page.words


def test_a_manager_does_not_come_here(alice: Colleague) -> None:
    assert alice.get("/settings/mail").status_code == 403
    assert "Mail server" not in alice.get("/settings").text
