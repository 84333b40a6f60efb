"""`flask mail receive`, as a mail server's pipe calls it: one line of JSON, or "try again later"."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app import create_app
from core.settings import Settings
from outbox.incoming import receiving
from outbox.incoming.models import IncomingMessage
from tests.applications import lent
from tests.cast import Cast
from tests.outbox.post import count, queue, send
from tests.outbox.test_receiving import sample


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """With its commands."""
    with lent(create_app, settings) as app:
        yield app


def receive(app: Flask, raw: bytes) -> Any:
    return app.test_cli_runner().invoke(args=["mail", "receive", "-"], input=raw)


def test_it_prints_what_the_message_is(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    send(now)
    result = receive(app, sample("reply-gmail-nl", message))
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["kind"], found["matched"], found["message_id"]) == ("reply", True, message.id)
    assert set(found) == {"kind", "matched", "recipients", "permanent", "message_id", "text"}


def test_a_delay_is_a_bounce_that_is_not_for_good(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    send(now)
    found = json.loads(receive(app, sample("bounce-postfix-delayed", message)).stdout)
    assert (found["kind"], found["permanent"], found["recipients"]) == ("bounce", False, ["rita@example.com"])


@pytest.mark.parametrize(
    "failure", [OperationalError("x", {}, Exception("the disk is full")), MemoryError("no room")]
)
def test_whatever_fails_the_mail_server_keeps_it(
    app: Flask, people: Cast, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fails(*_: Any) -> None:
        raise failure

    monkeypatch.setattr(receiving, "take_in", fails)
    assert receive(app, b"Subject: hello\n\nx\n").exit_code == 75
    assert count(IncomingMessage) == 0
