"""Keys for programs: shown once, kept as a fingerprint, refused at once when withdrawn."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from accounts import commands, keys
from accounts.models import ApiKey
from core.access import Role
from core.db import db, writing
from core.errors import DomainError
from tests.accounts.staff import admin_of
from tests.browser import signed_in
from tests.cast import Cast


def a_key(people: Cast, now: datetime, role: Role = Role.viewer) -> str:
    with writing():
        return keys.create(people.webshop.id, "helpdesk", role, now)[1]


@pytest.mark.parametrize("header", ["Authorization", "x-api-key"])
def test_a_key_opens_the_interface_in_both_headers(
    client: FlaskClient, people: Cast, now: datetime, header: str
) -> None:
    secret = a_key(people, now)
    value = f"Bearer {secret}" if header == "Authorization" else secret
    assert client.get("/api/v1/surveys", headers={header: value}).status_code == 200


@pytest.mark.parametrize(
    "wrong", ["", "Bearer", "Bearer nonsense", "Basic {key}", "{key}", "Bearer {key}x", "Bearer {short}"]
)
def test_anything_else_does_not(client: FlaskClient, people: Cast, now: datetime, wrong: str) -> None:
    secret = a_key(people, now)
    sent = wrong.format(key=secret, short=secret[:-1])
    assert client.get("/api/v1/surveys", headers={"Authorization": sent}).status_code == 401


def test_a_key_opens_no_page_and_a_cookie_no_interface(
    app: Flask, client: FlaskClient, people: Cast, now: datetime
) -> None:
    secret = a_key(people, now, Role.admin)
    assert client.get("/settings", headers={"x-api-key": secret}).status_code == 401
    assert signed_in(app, people.alice).get("/api/v1/surveys").status_code == 401


def test_a_key_is_shown_once_and_withdrawn_at_once(
    app: Flask, client: FlaskClient, people: Cast, now: datetime
) -> None:
    ada = signed_in(app, admin_of(people, now))
    page = ada.post("/settings/keys", data={"name": "bicycle shop", "role": "agent"})
    assert page.status_code == 201
    secret = re.findall(r"tk_[\w-]{43}", page.text)[0]
    assert client.get("/api/v1/surveys", headers={"x-api-key": secret}).status_code == 200
    listed = ada.get("/settings/keys").text
    assert "bicycle shop" in listed
    assert secret not in listed
    id = db.session.scalars(select(ApiKey.id)).one()
    for _ in range(2):
        assert ada.post(f"/settings/keys/{id}/revocation").status_code == 303
    assert client.get("/api/v1/surveys", headers={"x-api-key": secret}).status_code == 401
    assert "bicycle shop" not in ada.get("/settings/keys").text


def test_the_database_holds_no_key(app: Flask, people: Cast, now: datetime) -> None:
    secret = a_key(people, now)
    assert secret not in " ".join(str(row) for row in db.session.execute(text("SELECT * FROM api_key")))


@pytest.mark.parametrize("typed", [{"name": "", "role": "agent"}, {"name": "x", "role": "owner"}, {}])
def test_a_key_without_a_purpose_or_role_is_not_made(
    app: Flask, people: Cast, now: datetime, typed: dict[str, str]
) -> None:
    ada = signed_in(app, admin_of(people, now))
    assert ada.post("/settings/keys", data=typed).status_code == 422
    assert not db.session.scalars(select(ApiKey)).all()


def test_the_terminal_makes_one_too(client: FlaskClient, people: Cast, now: datetime) -> None:
    secret = commands.create_key("webshop", "viewer", "terminal", now)
    assert client.get("/api/v1/surveys", headers={"x-api-key": secret}).status_code == 200
    with pytest.raises(DomainError, match="no organisation"):
        commands.create_key("nowhere", "viewer", "terminal", now)
