"""Whoever has not the address of a page sees nothing, and looking changes nothing."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import links
from core.db import db, writing
from outbox.models import Attempt
from surveys.models import Survey
from tests.followup.respondent import new, page_of
from tests.loop import promises_of

pytestmark = pytest.mark.usefixtures("monday")


def wrong(token: str) -> list[str]:
    """The same token, a character more, less or other, in other clothes."""
    id, version, mac = token.split(".")
    return [
        token[:-1], token + "a", token.upper(), token + " ", f"{int(id) + 1}.{version}.{mac}", f"{id}.{int(version) + 1}.{mac}",
        f"0{id}.{version}.{mac}", f"{id}.{version}.{mac[::-1]}", links.token("unsubscribe", int(id), int(version)), "1", "..", "%00",
    ]  # fmt: skip


@pytest.mark.both_databases
def test_a_wrong_address_opens_nothing(client: FlaskClient, survey: Survey, now: datetime) -> None:
    response = new(survey, now)
    for token in wrong(links.token("status", response.id, response.link_version)):
        assert client.get(f"/f/{token}").status_code == 404, token
        assert client.post(f"/f/{token}").status_code == 404, token


def test_a_new_address_closes_the_one_before(client: FlaskClient, survey: Survey, now: datetime) -> None:
    response = new(survey, now)
    before = links.path("status", response.id, response.link_version)
    with writing():
        response.link_version = 2
    assert client.get(before).status_code == 404
    assert page_of(client, response).status == 200


def test_who_was_erased_has_no_page(client: FlaskClient, survey: Survey, now: datetime) -> None:
    response = new(survey, now)
    with writing():
        response.erased_at = now
    assert client.get(links.path("status", response.id, response.link_version)).status_code == 404


def test_one_page_shows_one_answer(client: FlaskClient, survey: Survey, now: datetime) -> None:
    new(survey, now, "A secret of last week.")
    assert "A secret of last week." not in page_of(client, new(survey, now, "Something else.")).words


def test_looking_changes_nothing(client: FlaskClient, survey: Survey, now: datetime) -> None:
    response = new(survey, now)
    path = links.path("status", response.id, response.link_version)
    for address in (path, f"{path}?clear=no", f"{path}?clear=yes&solved=no&words=x"):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    assert len(promises_of(response)) == 1
    assert db.session.scalar(select(func.count(Attempt.id))) == 0
