"""Notes about a comment, by a program: written, mailed, listed; to strangers they are not there."""

from typing import Any

import pytest
from sqlalchemy import select

from core.db import db
from outbox.models import Message
from tests.api.programs import Program

NOTE: dict[str, Any] = {"text": "@bob rang us before.", "mention": ["alice@webshop.example"]}


@pytest.fixture
def path(manager: Program, survey: str) -> str:
    manager.answered(comment="De doos was stuk.")
    (comment,) = manager.get("/comments")["data"]
    return f"/comments/{comment['id']}/notes"


@pytest.mark.both_databases
def test_it_is_written_and_listed(agent: Program, viewer: Program, path: str) -> None:
    made = agent.ask("POST", path, NOTE, status=201)
    assert (made["text"], made["taken_away_at"]) == (NOTE["text"], None)
    assert made["mentions"] == ["Alice Adams", "Bob Bakker"]
    assert viewer.get(path) == {"data": [made], "next": None}
    recipients = db.session.scalars(select(Message.recipient).where(Message.kind == "alert"))
    assert sorted(recipients) == ["alice@webshop.example", "bob@webshop.example"]


def test_it_is_paged(agent: Program, path: str) -> None:
    for n in range(3):
        agent.ask("POST", path, {"text": f"Note {n}"}, status=201)
    first = agent.get(f"{path}?limit=2")
    assert [n["text"] for n in first["data"]] == ["Note 0", "Note 1"]
    assert [n["text"] for n in agent.get(f"{path}?after={first['next']}")["data"]] == ["Note 2"]


def test_the_same_key_writes_and_mails_once(agent: Program, path: str) -> None:
    twice = [agent.ask("POST", path, NOTE, status=201, Idempotency_Key="note-1") for _ in range(2)]
    assert twice[0] == twice[1]
    assert len(agent.get(path)["data"]) == 1
    assert len(db.session.scalars(select(Message.id).where(Message.kind == "alert")).all()) == 2


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "  "}, {"text": "x" * 4001}, {"text": "x", "mention": ["nobody@webshop.example"]}, {"text": "x", "mention": ["nonsense"]},
     {"text": "x", "more": 1}],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_a_sentence(
    agent: Program, path: str, body: dict[str, Any]
) -> None:
    assert agent.ask("POST", path, body, status=422)["detail"]
    assert agent.get(path)["data"] == []


def test_roles_and_strangers(viewer: Program, stranger: Program, path: str) -> None:
    viewer.ask("POST", path, NOTE, status=403)
    stranger.ask("POST", path, NOTE, status=404)
    stranger.get(path, status=404)
    viewer.get("/comments/99999/notes", status=404)


def test_it_stands_in_no_answer_about_the_respondent(agent: Program, path: str) -> None:
    agent.ask("POST", path, {"text": "kanarie-7f3a"}, status=201)
    response = agent.get("/comments")["data"][0]["response_id"]
    assert "kanarie" not in agent.send("GET", f"/responses/{response}").text
    assert "kanarie" not in agent.send("GET", "/comments").text
