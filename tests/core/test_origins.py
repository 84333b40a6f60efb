"""Who we answer to: names and addresses that a request claims change neither our links nor who is counted (R40)."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db, writing
from core.links import path, public_url, read, token, url
from core.origins import from_our_page
from followup.receipts import compose_receipts
from outbox.models import Message
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.each import each
from tests.loop import opened_survey
from tests.pages import get, send

OURS = "https://feedback.example.org"
EVIL = "evil.example"
CLAIMS = (
    {"X-Forwarded-Host": EVIL}, {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-Proto": "ftp"}, {"Forwarded": f"host={EVIL};for=203.0.113.9"},
    {"X-Original-URL": "/settings"}, {"X-Rewrite-URL": "/settings"}, {"X-Forwarded-Prefix": f"//{EVIL}"}, {"X-Real-IP": "203.0.113.9"},
    {"X-Forwarded-Host": f"{EVIL}, {EVIL}", "X-Forwarded-Port": "666"}, {"X-HTTP-Method-Override": "POST"}, {"Referer": f"https://{EVIL}/"},
)  # fmt: skip
hosts = pytest.mark.security("poisoned host")


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


@hosts
@pytest.mark.settings(public_url=OURS)
@pytest.mark.parametrize("claims", CLAIMS, ids=str)
def test_links_come_from_the_setting_alone(
    client: FlaskClient, survey: Survey, now: datetime, claims: dict[str, str]
) -> None:
    page = get(client, "/s/bestelling", base_url=OURS, headers=claims)
    assert EVIL not in page.html
    answer = client.post(
        "/s/bestelling", base_url=OURS, headers=claims,
        data={**page.form(), "csat": "4", "contact-wants": "mail", "contact-email": "rita@example.com"},
    )  # fmt: skip
    assert answer.status_code == 303
    assert answer.location.removeprefix(OURS).startswith("/f/")
    compose_receipts(datetime.now(now.tzinfo))
    (message,) = db.session.query(Message)
    assert EVIL not in message.text + message.html + str(message.headers)


@hosts
@pytest.mark.settings(public_url=OURS)
@each(
    "host",
    [
        EVIL,
        f"feedback.example.org.{EVIL}",
        f"{EVIL}:443",
        "feedback.example.org@evil.example",
        "FEEDBACK.example.org.",
        "",
        "127.0.0.2",
        "[::1]",
    ],
)
def test_another_name_gets_no_page(client: FlaskClient, survey: Survey, host: str) -> None:
    answer = client.get("/s/bestelling", base_url=OURS, headers={"Host": host})
    assert answer.status_code == 400
    assert EVIL not in answer.text


@pytest.mark.settings(public_url=OURS)
@each(
    "host",
    [
        "feedback.example.org",
        "feedback.example.org:443",
        "127.0.0.1:8000",
        "localhost",
    ],
)
def test_our_own_names_do(client: FlaskClient, survey: Survey, host: str) -> None:
    assert client.get("/s/bestelling", base_url=OURS, headers={"Host": host}).status_code == 200


@each(("headers", "ours"), [
    ({}, True), ({"Origin": "null"}, True), ({"Origin": "http://localhost"}, True), ({"Origin": "http://127.0.0.1:8000"}, True),
    ({"Origin": "https://localhost"}, False), ({"Origin": "http://localhost:1"}, False), ({"Origin": f"http://{EVIL}"}, False), ({"Origin": ""}, False),
    ({"Origin": f"http://localhost@{EVIL}"}, False), ({"Sec-Fetch-Site": "same-origin"}, True), ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False), ({"Sec-Fetch-Site": "cross-site"}, False), ({"Sec-Fetch-Site": "SAME-ORIGIN"}, False),
    ({"Sec-Fetch-Site": "same-origin", "Origin": f"http://{EVIL}"}, True), ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
])  # fmt: skip
def test_whether_a_form_is_from_a_page_of_ours(app: Flask, headers: dict[str, str], ours: bool) -> None:
    with app.test_request_context("/", method="POST", headers=headers):
        assert from_our_page() is ours


@hosts
@pytest.mark.settings(public_url=OURS)
def test_addresses_are_absolute_and_personal(app: Flask) -> None:
    with app.test_request_context("/", base_url=f"http://{EVIL}"):
        assert url("status", 7).startswith(f"{OURS}/f/7.1.")
        assert public_url("/s/x") == f"{OURS}/s/x"
        assert url("status", 7) == OURS + path("status", 7)


@pytest.mark.security("token not verified")
def test_no_two_purposes_rows_or_versions_share_a_token(app: Flask) -> None:
    tokens = {
        token(purpose, id, version).rsplit(".", 1)[1]
        for purpose in ("status", "invitation", "unsubscribe", "bounce")
        for id in range(1, 30)
        for version in range(1, 4)
    }
    assert len(tokens) == 4 * 29 * 3
    assert read(token("status", 2**59, 999_999_999), "status") == (2**59, 999_999_999)


def test_an_answer_is_counted_by_the_address_it_really_came_from(
    app: Flask, client: FlaskClient, survey: Survey
) -> None:
    """R40: whoever claims to be another each time is still one."""
    from surveys.pace import Pace

    app.extensions["pace_of_answers"] = Pace(1, 3600)
    for n in range(3):
        page = get(client, "/s/bestelling")
        claimed = {
            "X-Forwarded-For": f"203.0.113.{n}",
            "X-Real-IP": f"203.0.113.{n}",
            "Forwarded": f"for=203.0.113.{n}",
        }
        answer = client.post(
            "/s/bestelling", data={**page.form(), "csat": "4", "contact-wants": "page"}, headers=claimed
        )
        assert answer.status_code == 303
    assert [bool(r.suspect_at) for r in db.session.query(Response).order_by(Response.id)] == [
        False,
        True,
        True,
    ]
    assert send(client, get(client, "/s/bestelling"), csat="5", contact__wants="page").status_code == 303
