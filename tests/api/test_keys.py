"""Who may ask: by which header, with which key, of which organisation, in which role."""

from collections.abc import Callable

import pytest
from flask import Flask

from accounts import keys
from core import clock
from core.access import Role
from core.db import writing
from tests.api.programs import API, PROBLEM, SURVEY, Program, document_of
from tests.cast import Cast

OTHERS: dict[str, Callable[[Program], tuple[str, str]]] = {
    "survey": lambda m: ("GET", "/surveys/bestelling"),
    "opening": lambda m: ("POST", "/surveys/bestelling/opening"),
    "closing": lambda m: ("DELETE", "/surveys/bestelling/opening"),
    "response": lambda m: ("GET", f"/responses/{m.answered()['id']}"),
    "action": lambda m: ("PATCH", f"/actions/{m.decided()}"),
    "promise": lambda m: ("POST", f"/promises/{m.answered()['promise']['id']}/moves"),
    "round": lambda m: ("POST", f"/rounds/{(m.answered(), m.get('/rounds'))[1]['data'][0]['id']}/approval"),
    "ledger": lambda m: ("GET", "/ledger?survey=bestelling"),
}
BODIES = {"action": {"kind": "done"}, "promise": {"due_at": "2030-01-01", "reason": "x"}, "round": {}}


NO_KEYS = [
    {},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer tk_nothing"},
    {"Authorization": "Basic dGs6dGs="},
    {"x-api-key": ""},
    {"x-api-key": "tk_\xff"},
    {"Cookie": "session=forged"},
]


def test_a_key_is_sent_in_one_of_two_headers(viewer: Program) -> None:
    for name, value in (("Authorization", "Bearer {}"), ("Authorization", "bearer {}"), ("x-api-key", "{}")):
        answer = viewer.client.get(f"{API}/surveys", headers={name: value.format(viewer.key)})
        assert answer.status_code == 200, (name, value)


def test_without_a_key_that_works_nobody_comes_in(viewer: Program, subtests: pytest.Subtests) -> None:
    for headers in NO_KEYS:
        with subtests.test(str(headers)):
            answer = viewer.client.get(f"{API}/surveys", headers={**headers, "Accept-Language": "en"})
            assert (answer.status_code, answer.mimetype, answer.headers["WWW-Authenticate"]) == (
                401,
                PROBLEM,
                "Bearer",
            )
            assert "Send a key that works, as “Authorization: Bearer KEY”." in (answer.json or {})["detail"]


def test_a_key_that_was_withdrawn_works_no_more(viewer: Program) -> None:
    viewer.get("/surveys")
    with writing():
        keys.revoke(viewer.row, clock.now())
    viewer.refused("GET", "/surveys", status=401)


def test_what_is_anothers_looks_like_what_is_not_there(
    manager: Program, stranger: Program, survey: str, subtests: pytest.Subtests
) -> None:
    for what, find in OTHERS.items():
        with subtests.test(what):
            method, path = find(manager)
            said = stranger.refused(method, path, BODIES.get(what), status=404)
            assert said == "There is nothing here that this key can see."


def test_nobody_takes_back_the_tag_of_another(manager: Program, stranger: Program, survey: str) -> None:
    manager.answered()
    (comment,) = manager.get("/comments")["data"]
    (tag,) = manager.post("/tags", {"comment_ids": [comment["id"]], "action_id": manager.decided()})["ids"]
    stranger.refused("DELETE", f"/tags/{tag}", status=404)
    assert manager.get("/comments?state=held")["data"]


def test_lists_hold_only_what_is_ones_own(manager: Program, stranger: Program, survey: str) -> None:
    manager.answered()
    assert [stranger.get(f"/{name}")["data"] for name in ("surveys", "comments", "rounds")] == [[], [], []]
    assert stranger.get("/ledger")["responses"] == 0


def test_too_small_a_role_is_told_so(viewer: Program, agent: Program) -> None:
    assert (
        viewer.refused("POST", "/actions", {}, status=403)
        == "This key may not do that: it takes a greater role."
    )
    agent.refused("POST", "/surveys", SURVEY, status=403)


def test_each_operation_asks_for_the_role_that_the_document_says(app: Flask, people: Cast) -> None:
    """A key of one role less is refused; one of that role gets further."""
    programs = {role.name: Program(app, people.webshop, role) for role in Role}
    for path, method, least in operations(app):
        here = path.removeprefix(API).format(slug="x", **dict.fromkeys(ids(path), 1))
        for name, program in programs.items():
            refused = program.send(method, here, {} if method != "GET" else None).status_code == 403
            assert refused == (Role[name] < Role[least]), (method, path, name)


def operations(app: Flask) -> list[tuple[str, str, str]]:
    """(path, method, least role) of everything in the document"""
    methods = {"get", "post", "patch", "put", "delete"}
    found = document_of(app)["paths"].items()
    return [
        (path, m.upper(), o["x-least-role"]) for path, held in found for m, o in held.items() if m in methods
    ]


def ids(path: str) -> list[str]:
    return [part.split("}")[0] for part in path.split("{")[1:] if not part.startswith("slug")]


def test_a_key_may_ask_more_than_a_hundred_times_a_second(viewer: Program) -> None:
    assert {
        viewer.client.get(f"{API}/ledger", headers={"x-api-key": viewer.key}).status_code for _ in range(150)
    } == {200}
