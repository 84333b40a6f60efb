"""A correction by program, and what became of the loop as a program reads it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from core.db import db, writing
from followup.invitations.check_back import compose_check_backs
from followup.judging import Judgement, judge
from outbox.models import Message
from surveys.models_responses import Response
from tests.api.programs import Program
from tests.api.test_loop import HOLD, journey, later
from tests.sink import Sink

HOLDS = {
    "kind": "wont_do", "title": "Boxes stay", "public_note": {"nl": "De dozen blijven.", "en": "The boxes stay."},
    "reason": "The new ones cannot be recycled.",
}  # fmt: skip
SILENCE = {"clear": None, "solved": None, "words": "", "emotion": None, "closing": "silence"}

__all__ = ["journey"]


@pytest.fixture
def told(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> tuple[int, int]:
    """(response, action) of somebody who was told."""
    said = manager.answered()
    (comment,) = manager.get("/comments")["data"]
    action = manager.decided()
    manager.post("/tags", {"comment_ids": [comment["id"]], "action_id": action})
    later(journey, HOLD)
    assert manager.get(f"/responses/{said['id']}")["state"] == "told"
    return said["id"], action


def test_everyone_who_was_told_hears_what_holds_now(
    manager: Program, journey: time_machine.Traveller, told: tuple[int, int]
) -> None:
    response, action = told
    answer = manager.post(f"/actions/{action}/correction", HOLDS)
    assert answer["told_again"] == 1
    assert answer["id"] != action
    later(journey, timedelta(minutes=1))
    found = manager.get(f"/responses/{response}")
    assert [p["because"] for p in found["promises"]] == ["answer", "correction"]
    assert (found["state"], found["messages"][-1]["kind"]) == ("told", "correction")


def test_what_was_corrected_is_not_corrected_again(manager: Program, told: tuple[int, int]) -> None:
    path = f"/actions/{told[1]}/correction"
    first = manager.ask("POST", path, HOLDS, 201, Idempotency_Key="one")
    assert manager.ask("POST", path, HOLDS, 201, Idempotency_Key="one") == first
    assert manager.refused("POST", path, HOLDS, status=409) == "This was corrected already."


def test_a_correction_is_complete_or_not_made(manager: Program, told: tuple[int, int]) -> None:
    path = f"/actions/{told[1]}/correction"
    assert "needs its reason" in manager.refused("POST", path, {**HOLDS, "reason": ""}, status=422)
    assert "words" in manager.refused("POST", path, {**HOLDS, "public_note": {}}, status=422)


def test_a_correction_is_for_a_manager_of_this_organisation(
    agent: Program, stranger: Program, told: tuple[int, int]
) -> None:
    path = f"/actions/{told[1]}/correction"
    assert agent.send("POST", path, HOLDS).status_code == 403
    assert stranger.send("POST", path, HOLDS).status_code == 404


def test_silence_is_told_apart_from_a_yes(
    manager: Program, journey: time_machine.Traveller, told: tuple[int, int]
) -> None:
    path = f"/responses/{told[0]}"
    assert manager.get(path)["verdict"] is None
    later(journey, timedelta(days=10))
    silent = manager.get(path)["verdict"]
    assert {name: value for name, value in silent.items() if name != "at"} == SILENCE
    said(told[0], Judgement(True, True, "Thank you.", "n1", emotion="happy"), journey)
    verdict = manager.get(path)["verdict"]
    assert (verdict["closing"], verdict["solved"], verdict["emotion"]) == ("agreed", True, "happy")
    said(told[0], Judgement(None, False, "It broke.", "n2"), journey)
    assert manager.get(path)["verdict"]["closing"] == "not_solved"


def said(response_id: int, judgement: Judgement, journey: time_machine.Traveller) -> None:
    journey.shift(timedelta(hours=1))
    with writing():
        judge(db.session.get_one(Response, response_id), judgement, datetime.now().astimezone())


def test_the_question_that_is_asked_once_more_is_among_the_messages(
    manager: Program, journey: time_machine.Traveller, told: tuple[int, int]
) -> None:
    journey.shift(timedelta(days=28))
    assert compose_check_backs(datetime.now().astimezone()) == 1
    db.session.rollback()
    assert db.session.scalar(select(Message.kind).order_by(Message.id.desc()).limit(1)) == "check_back"
    found = manager.get(f"/responses/{told[0]}")
    assert (found["state"], found["messages"][-1]["kind"]) == ("told", "check_back")
