"""Large steps for programs: 202 and why, the letters, a manager's yes or no."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.db import db
from followup.composing import compose_due
from followup.steps import large_steps
from surveys.models import Round
from tests.api.programs import STRONGER, Program

DONE = {"kind": "done", "title": "Stronger boxes", "public_note": STRONGER}
PLANNED = {"kind": "planned", "title": "Stronger boxes", "public_note": STRONGER, "due_on": "2027-11-30"}


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_steps, "FLOOR", 2)


@pytest.fixture
def two(agent: Program, survey: str) -> list[int]:
    """Ids of two comments, of two people."""
    for name in ("rita", "sam"):
        answers = {"answers": {"csat": 2, "comment": "Torn."}, "customer": {"email": f"{name}@example.com"}}
        agent.ask("POST", f"/surveys/{survey}/responses", answers, 201)
    return [c["id"] for c in agent.get("/comments")["data"]]


@pytest.fixture
def waiting(agent: Program, two: list[int]) -> dict[str, Any]:
    action = agent.ask("POST", "/actions", DONE, 201)["id"]
    made: dict[str, Any] = agent.ask("POST", "/tags", {"comment_ids": two, "action_id": action}, 202)
    return made


def test_so_many_tags_are_accepted_and_wait(agent: Program, waiting: dict[str, Any], two: list[int]) -> None:
    assert (waiting["tagged"], len(waiting["ids"])) == (2, 2)
    step = waiting["large_step"]
    assert (step["kind"], step["state"], step["messages"], step["usual_day"]) == ("tags", "waiting", 2, 0)
    assert [c["state"] for c in agent.get("/comments")["data"]] == ["held", "held"]
    assert [s["id"] for s in agent.get("/large-steps?state=waiting")["data"]] == [step["id"]]


def test_the_same_request_with_the_same_key_is_one_step(agent: Program, two: list[int]) -> None:
    action = agent.ask("POST", "/actions", DONE, 201)["id"]
    body = {"comment_ids": two, "action_id": action}
    first, second = (agent.ask("POST", "/tags", body, 202, Idempotency_Key="k") for _ in range(2))
    assert first == second
    assert len(agent.get("/large-steps")["data"]) == 1


def test_a_manager_reads_three_letters_and_approves(
    agent: Program, manager: Program, waiting: dict[str, Any]
) -> None:
    path = f"/large-steps/{waiting['large_step']['id']}"
    letters = manager.get(path)["samples"]
    assert sorted(letter["to"] for letter in letters) == ["rita@example.com", "sam@example.com"]
    assert all(STRONGER["nl"] in letter["text"] for letter in letters)
    agent.ask("POST", f"{path}/approval", status=403)
    assert manager.ask("POST", f"{path}/approval")["state"] == "approved"
    assert manager.ask("POST", f"{path}/approval", status=409)["detail"] == "This was decided already."
    assert [c["state"] for c in agent.get("/comments")["data"]] == ["settled", "settled"]


def test_an_agent_reads_why_it_was_refused(agent: Program, manager: Program, waiting: dict[str, Any]) -> None:
    path = f"/large-steps/{waiting['large_step']['id']}"
    manager.ask("POST", f"{path}/refusal", {}, 422)
    manager.ask("POST", f"{path}/refusal", {"reason": "Not before May."})
    assert (agent.get(path)["state"], agent.get(path)["reason"]) == ("refused", "Not before May.")
    assert [c["state"] for c in agent.get("/comments")["data"]] == ["open", "open"]


def test_a_digest_that_reaches_many_is_approved_twice(agent: Program, manager: Program, survey: str) -> None:
    for name in ("rita", "sam"):
        answer = {"answers": {"csat": 4}, "customer": {"email": f"{name}@example.com"}}
        agent.ask("POST", f"/surveys/{survey}/responses", answer, 201)
    (round,) = manager.get("/rounds")["data"]
    assert (round["waiting"], bool(round["due_at"])) == (2, True)
    made = manager.ask("POST", f"/rounds/{round['id']}/approval", {"words": {"nl": "U zei: dozen."}}, 202)
    assert made["approved_at"] is None
    assert made["large_step"]["round_id"] == round["id"]
    manager.ask("POST", f"/large-steps/{made['large_step']['id']}/approval")
    assert db.session.scalars(select(Round)).one().approved_at


def test_a_plan_that_is_done_waits_too(
    agent: Program, two: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = agent.ask("POST", "/actions", PLANNED, 201)["id"]
    monkeypatch.setattr(large_steps, "FLOOR", 200)
    agent.ask("POST", "/tags", {"comment_ids": two, "action_id": plan}, 201)
    compose_due(clock.now() + timedelta(minutes=20))
    monkeypatch.setattr(large_steps, "FLOOR", 2)
    made = agent.ask("PATCH", f"/actions/{plan}", {"kind": "done"}, 202)
    assert (made["id"], made["large_step"]["kind"], made["large_step"]["messages"]) == (plan, "done", 2)
    agent.ask("PATCH", f"/actions/{plan}", {"kind": "done"}, 409)
