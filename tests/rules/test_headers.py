"""Every answer, whatever its status, carries the policy and leaks no trace (R34)."""

import re
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from core.access import public
from core.errors import Conflict, DomainError, Forbidden
from core.headers import STEADY
from tests.browser import FreshClient, signed_in
from tests.cast import Cast
from tests.rules.world import World, all_routes

KEPT_A_WHILE = {"/embed.js": "public, max-age=3600"}
"""What is the same for everybody, and asked for by each page of another site."""
STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)


@pytest.fixture
def app(app_of_its_own: Flask) -> Flask:
    """Routes are added to it."""
    return app_of_its_own


def carries_the_policy(answer: Any) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy or "sandbox" in policy, (
        "only a mail that is shown in a frame keeps its own styles"
    )
    assert {name: answer.headers.get(name) for name in STEADY} == STEADY
    nonces = (
        set(re.findall(r'nonce="([^"]+)"', answer.text)) if "html" in (answer.content_type or "") else set()
    )
    assert nonces <= set(re.findall(r"'nonce-([^']+)'", policy))


@pytest.mark.parametrize("rule", sorted({rule for _, method, rule in all_routes() if method == "GET"}))
def test_every_page_does(world: World, rule: str) -> None:
    address, _rows = world.filled(rule)
    for who in ("stranger", "admin", "key admin"):
        answer = world.ask(who, "GET", address)
        carries_the_policy(answer)
        assert answer.headers["Cache-Control"] == KEPT_A_WHILE.get(rule, "no-store")
        assert b"Traceback" not in answer.data


def test_a_nonce_is_used_once(client: FlaskClient) -> None:
    policies = {client.get("/login").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_where_none_was_asked_for_no_script_and_no_style_runs(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert "script-src 'none'; style-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    """Routes that fail in every way there is, on a page and in the REST interface."""
    app.testing = False
    for path in ("/fail", "/api/v1/fail"):
        for status in STATUSES:
            app.add_url_rule(
                f"{path}/{status}",
                f"{path}{status}",
                public(lambda status=status: abort(status)),
                methods=["GET", "POST"],
            )
        for name, error in ERRORS.items():
            app.add_url_rule(
                f"{path}/{name}",
                f"{path}{name}",
                public(lambda error=error: _fail(error)),
                methods=["GET", "POST"],
            )
    return FreshClient(app)


ERRORS: dict[str, Exception] = {
    "refused": DomainError("This survey closed on 3 March."),
    "late": Conflict("It was sent already."),
    "forbidden": Forbidden("Only a manager may."),
    "bug": ZeroDivisionError("a secret detail"),
    "disk": OperationalError("INSERT INTO secret_table", None, Exception("disk full")),
}


def _fail(error: Exception) -> str:
    raise error


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_does(failing: FlaskClient, status: int) -> None:
    for path in ("/fail", "/api/v1/fail"):
        answer = failing.get(f"{path}/{status}")
        assert answer.status_code == status
        carries_the_policy(answer)
        assert answer.headers["Cache-Control"] == "no-store"
    assert failing.get(f"/api/v1/fail/{status}").content_type == "application/problem+json"
    assert failing.get(f"/api/v1/fail/{status}").get_json()["status"] == status


@pytest.mark.parametrize(
    ("name", "status"), [("refused", 422), ("late", 409), ("forbidden", 403), ("bug", 500), ("disk", 503)]
)
def test_every_failure_is_a_sentence(failing: FlaskClient, name: str, status: int) -> None:
    page, document = failing.get(f"/fail/{name}"), failing.get(f"/api/v1/fail/{name}")
    assert (page.status_code, document.status_code) == (status, status)
    sentence = getattr(ERRORS[name], "sentence", "")
    assert sentence in page.text
    assert sentence in document.get_json()["detail"]
    for answer in (page, document):
        carries_the_policy(answer)
        assert not re.search(r"Traceback|secret|INSERT|ZeroDivision", answer.text)


def test_a_failure_of_ours_has_a_number_that_stands_in_the_log(
    failing: FlaskClient, capfd: Any, caplog: Any
) -> None:
    page = failing.get("/fail/bug").text
    (number,) = re.findall(r"number of this failure is ([0-9a-f]{8})", page)
    assert number in caplog.text + capfd.readouterr().err


def test_a_full_disk_says_when_to_come_back(failing: FlaskClient) -> None:
    assert failing.get("/fail/disk").headers["Retry-After"] == "60"


def test_a_program_without_a_key_hears_how_to_send_one(client: FlaskClient) -> None:
    answer = client.get("/api/v1/surveys")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    unknown = client.get("/api/v1/nothing").get_json()
    assert (unknown["type"], unknown["title"], unknown["status"]) == ("about:blank", "Not Found", 404)
    assert unknown["detail"].endswith(".")


def test_an_unknown_page_and_a_wrong_method_are_pages(client: FlaskClient, app: Flask, people: Cast) -> None:
    for browser in (client, signed_in(app, people.bob)):
        assert browser.get("/nothing").status_code == 404
        assert browser.put("/settings").status_code == 405
        carries_the_policy(browser.get("/nothing"))


@pytest.mark.settings(public_url="https://feedback.example.org")
def test_over_https_browsers_are_told_to_stay_there(client: FlaskClient) -> None:
    answer = client.get("/", base_url="https://feedback.example.org")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.security("poisoned host")
@pytest.mark.settings(public_url="https://feedback.example.org")
def test_a_foreign_host_gets_no_page_but_the_policy(client: FlaskClient) -> None:
    answer = client.get("/", base_url="http://evil.example")
    assert answer.status_code == 400
    assert "evil" not in answer.text
    carries_the_policy(answer)


def test_a_route_that_says_nothing_stops_the_start(app: Flask) -> None:
    from core.routes import refuse_undeclared

    app.add_url_rule("/open", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        refuse_undeclared(app)
