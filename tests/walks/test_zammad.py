"""Zammad over a socket: what it posts, to a server that answers."""

import json
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import select

from core import clock
from core.db import db, writing
from outbox.models import Message
from surveys.helpdesks import zammad
from surveys.jobs import send_invitations
from tests.cast import Cast
from tests.loop import opened_survey
from tests.zammad.payload import body_of, headers, payload


def test_a_ticket_that_is_closed_becomes_a_mail(site: str, people: Cast) -> None:
    now = clock.now()
    with writing():
        hook = zammad.connect(opened_survey(people, now), 24, ["closed"], now)
        address, secret = f"{site}/hooks/zammad/{hook.survey.slug}", zammad.secrets(hook)[0]
    body = body_of(payload())
    with urlopen(Request(address, body, headers(body, secret, "4711"))) as answer:
        assert json.load(answer)["outcome"] == "asked"
    with pytest.raises(HTTPError, match="403") as refused:
        urlopen(Request(address, body, headers(body, "another secret", "4712")))
    assert refused.value.headers["Content-Type"] == "application/problem+json"
    refused.value.close()
    send_invitations(now), send_invitations(now + timedelta(hours=25))
    assert db.session.scalars(select(Message.recipient)).all() == ["emily@example.com"]
