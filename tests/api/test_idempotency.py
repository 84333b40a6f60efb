"""The same POST sent twice makes one thing, also at the same moment; and its stored answer opens nothing."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import ApiAnswer
from core import links
from core.db import db
from tests.api.programs import STRONGER, SURVEY, Program

both = pytest.mark.both_databases
ANSWER = {"answers": {"csat": 2, "comment": "De doos was stuk."}, "customer": {"email": "rita@example.com"}}
ACTION = {"kind": "done", "title": "Dozen", "public_note": STRONGER}


@both
def test_the_same_key_and_body_give_the_same_answer(manager: Program, survey: str) -> None:
    path = f"/surveys/{survey}/responses"
    first, second = (manager.post(path, ANSWER, Idempotency_Key="order-17") for _ in range(2))
    assert first == second
    assert manager.get("/ledger")["responses"] == 1


def test_the_link_in_a_repeated_answer_still_opens(manager: Program, survey: str) -> None:
    path = f"/surveys/{survey}/responses"
    urls = {manager.post(path, ANSWER, Idempotency_Key="a")["status_url"] for _ in range(2)}
    (url,) = urls
    assert links.read(url.rpartition("/f/")[2], "status")


def test_no_live_link_is_stored(manager: Program, survey: str) -> None:
    url = manager.post(f"/surveys/{survey}/responses", ANSWER, Idempotency_Key="a")["status_url"]
    stored = db.session.scalars(select(ApiAnswer.body)).one()
    assert url.rpartition(".")[2] not in stored


@both
def test_a_forged_link_in_somebodys_words_stays_what_it_was(manager: Program, survey: str) -> None:
    """Otherwise repeating a request would sign it."""
    forged = "/f/1.1." + "a" * 26 + " \x01status 1 1\x01"
    body = {**SURVEY, "slug": "b", "title": f"x {forged}"}
    first, second = (manager.post("/surveys", body, Idempotency_Key="a") for _ in range(2))
    assert first == second
    assert links.token("status", 1) not in second["title"]["nl"]


def test_another_body_or_path_under_the_same_key_is_refused(manager: Program, survey: str) -> None:
    manager.post(f"/surveys/{survey}/responses", ANSWER, Idempotency_Key="a")
    other = {**ANSWER, "answers": {"csat": 5}}
    for path, body in ((f"/surveys/{survey}/responses", other), ("/actions", ACTION)):
        said = manager.refused("POST", path, body, 409, Idempotency_Key="a")
        assert said == "This Idempotency-Key was used for another request."


def test_a_refusal_is_not_remembered(manager: Program) -> None:
    path = "/surveys/bestelling/responses"
    manager.refused("POST", path, ANSWER, 404, Idempotency_Key="a")
    manager.opened_survey()
    manager.post(path, ANSWER, Idempotency_Key="a")


def test_each_organisation_has_keys_of_its_own(manager: Program, stranger: Program) -> None:
    manager.post("/actions", ACTION, Idempotency_Key="a")
    stranger.post("/actions", {**ACTION, "title": "Anders"}, Idempotency_Key="a")


@pytest.mark.parametrize("key", ["x" * 201, "caf\xe9", "a\tb"])
def test_a_key_is_a_short_printable_word(manager: Program, key: str) -> None:
    assert manager.refused("POST", "/actions", ACTION, Idempotency_Key=key).startswith(
        "An Idempotency-Key is at most 200"
    )


def test_without_a_key_every_post_makes_one_more(manager: Program) -> None:
    assert manager.post("/actions", ACTION) != manager.post("/actions", ACTION)


def at_once(
    app: Flask, program: Program, times: int, path: str, body: Any, **headers: str
) -> list[tuple[int, str]]:
    """(status, body) of requests that begin together"""

    def send(_n: int) -> tuple[int, str]:
        answer = Context().run(program.send, "POST", path, body, **headers)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(send, range(times)))


@both
def test_the_same_request_many_times_at_once_makes_one_thing(
    app: Flask, manager: Program, survey: str
) -> None:
    answers = at_once(app, manager, 8, f"/surveys/{survey}/responses", ANSWER, Idempotency_Key="a")
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert manager.get("/ledger")["responses"] == 1


@both
def test_one_slug_many_times_at_once_is_taken_once(app: Flask, manager: Program) -> None:
    """Without a key: whoever comes second is told so."""
    statuses = sorted(status for status, _body in at_once(app, manager, 8, "/surveys", SURVEY))
    assert statuses == [201] + [409] * 7
