"""A form that another site sends, or that carries no token of ours, changes nothing (R35); the exceptions are named."""

from typing import Any

import pytest

from core.access import Role
from core.origins import API
from core.routes import least_role
from tests.rules.tripwire import nothing_written
from tests.rules.world import World, all_routes

CHANGES = [(endpoint, method, rule) for endpoint, method, rule in all_routes() if method != "GET"]
BY_PEOPLE = [route for route in CHANGES if not route[2].startswith(API)]
FROM_ANYWHERE = {"/u/<token>", "/reports/read/<token>"}
"""One click in a mail program: its proof stands in the address (RFC 8058)."""
STRANGERS = {
    "/sign-in",
    "/sign-in/links",
    "/sign-in/<token>",
    "/s/<slug>",
    "/t/<token>",
    "/s/<slug>/unfinished",
    "/r/<token>",
    "/f/<token>/answer",
    "/f/<token>",
    "/f/<token>/hearing",
    "/i/<token>",
    "/k/<token>",
    "/hooks/zammad/<slug>",
    "/u/<token>",
    "/reports/read/<token>",
    "/verify",
}
OWN = {
    "/comments/<int:comment_id>/notes/reading", "/comments/<int:comment_id>/visit", "/settings/alerts",
    "/sign-out", "/settings/password", "/settings/profile", "/settings/sessions/revocation",
    "/settings/sessions/<int:session_id>/revocation", "/organisations/<int:organisation_id>/selection",
    "/inbox/views", "/inbox/views/<int:view_id>/removal",
}  # fmt: skip
EVIL = "https://evil.example"
FOREIGN: dict[str, dict[str, str]] = {
    "the browser says so": {"Sec-Fetch-Site": "cross-site"},
    "a sister site": {"Sec-Fetch-Site": "same-site"},
    "an old browser": {"Origin": EVIL},
    "another port": {"Origin": "http://127.0.0.1:9999"},
    "another scheme": {"Origin": "https://localhost"},
    "a name that begins like ours": {"Origin": "http://localhost.evil.example"},
    "both": {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
}
pytestmark = pytest.mark.security("cross-site")


def sent(world: World, who: str, route: tuple[str, str, str], **headers: str) -> Any:
    address, _rows = world.filled(route[2])
    return world.ask(who, route[1], address, data={"List-Unsubscribe": "One-Click"}, headers=headers)


@pytest.mark.parametrize("route", BY_PEOPLE, ids=lambda r: f"{r[1]} {r[2]}")
def test_what_another_site_sends_is_refused(world: World, route: tuple[str, str, str]) -> None:
    if route[2] in FROM_ANYWHERE:
        assert sent(world, "stranger", route, **FOREIGN["both"]).status_code == 200
        return
    with nothing_written(world):
        for headers in FOREIGN.values():
            for who in ("admin", "stranger"):
                assert sent(world, who, route, **headers).status_code == 403


@pytest.mark.parametrize("route", BY_PEOPLE, ids=lambda r: f"{r[1]} {r[2]}")
def test_a_colleagues_form_without_its_token_is_refused(world: World, route: tuple[str, str, str]) -> None:
    with world.app.app_context():
        least = least_role(*route[:2])
    if least is None:
        return
    with nothing_written(world):
        for token in ("", "x", "IjEi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"):
            assert sent(world, "admin", route, **{"X-CSRFToken": token}).status_code == 400


@pytest.mark.parametrize("route", BY_PEOPLE, ids=lambda r: f"{r[1]} {r[2]}")
def test_a_strangers_form_without_its_token_is_refused(world: World, route: tuple[str, str, str]) -> None:
    """One with no token, of a page that was never opened."""
    if route[2] in FROM_ANYWHERE:
        return
    with nothing_written(world):
        assert sent(world, "stranger", route).status_code in {400, 401, 405, 409, 422}


@pytest.mark.parametrize("route", CHANGES, ids=lambda r: f"{r[1]} {r[2]}")
def test_a_cookie_opens_no_interface_and_a_key_no_page(world: World, route: tuple[str, str, str]) -> None:
    who = "admin" if route[2].startswith(API) else "key admin"
    with world.app.app_context():
        least = least_role(*route[:2])
    if least is None:
        return
    with nothing_written(world):
        assert sent(world, who, route).status_code == 401


def test_what_anybody_may_send_is_a_short_list(world: World) -> None:
    """It grows only on purpose; and a viewer changes only what is their own."""
    with world.app.app_context():
        least = {rule: least_role(endpoint, method) for endpoint, method, rule in CHANGES}
    assert {rule for rule, role in least.items() if role is None} == STRANGERS
    assert {rule for rule, role in least.items() if role == Role.viewer} == OWN
