"""Asking customers by a program: who is asked, who is left out and why, and many at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core import clock
from core.db import db
from outbox.models import Message
from surveys import jobs
from surveys.invitations.models import Invitation
from tests.api.programs import Program
from tests.each import each

PATH = "/surveys/bestelling/invitations"
RITA = {"email": "rita@example.com", "name": "Rita Ritsema", "language": "nl", "external_id": "K-12"}


def asked(program: Program, *customers: dict[str, Any], status: int = 201, **more: Any) -> Any:
    return program.ask("POST", PATH, {"customers": customers, **more}, status=status)


def mails() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == "invitation").order_by(Message.id)))


@pytest.mark.both_databases
def test_a_customer_is_asked_by_the_clock(agent: Program, survey: str) -> None:
    said = asked(agent, RITA)
    assert (said["state"], said["invited"], said["left_out"]) == ("sending", 1, [])
    jobs.send_invitations(clock.now())
    (mail,) = mails()
    assert (mail.recipient, mail.recipient_name, mail.language) == ("rita@example.com", "Rita Ritsema", "nl")


def test_the_link_is_in_the_mail_alone(agent: Program, survey: str) -> None:
    answer = agent.send("POST", PATH, {"customers": [RITA]})
    assert "/i/" not in answer.text


def test_who_cannot_be_asked_is_left_out_with_the_reason_and_the_others_are_asked(
    agent: Program, survey: str
) -> None:
    asked(agent, RITA)
    jobs.send_invitations(clock.now())
    said = asked(
        agent, {"email": "nonsense"}, {"email": "new@example.com"}, RITA, {"email": "NEW@example.com"}
    )
    assert said["invited"] == 1
    assert [(out["line"], out["email"]) for out in said["left_out"]] == [
        (1, "nonsense"), (3, "rita@example.com"), (4, "NEW@example.com"),
    ]  # fmt: skip
    assert said["left_out"][1]["why"] == "They were asked something today already."


def test_when_nobody_can_be_asked_it_says_so(agent: Program, survey: str) -> None:
    said = asked(agent, {"email": "nonsense"})
    assert (said["state"], said["invited"]) == ("finished", 0)


def test_the_same_key_asks_once(agent: Program, survey: str) -> None:
    body = {"customers": [RITA]}
    first = agent.ask("POST", PATH, body, status=201, Idempotency_Key="order-17")
    assert agent.ask("POST", PATH, body, status=201, Idempotency_Key="order-17") == first
    agent.ask(
        "POST", PATH, {"customers": [{"email": "b@example.com"}]}, status=409, Idempotency_Key="order-17"
    )
    jobs.send_invitations(clock.now())
    assert len(mails()) == 1


def test_at_the_moment_that_was_said_or_a_day_after_what_they_did(agent: Program, survey: str) -> None:
    now = clock.now()
    at_two = (now + timedelta(hours=2)).isoformat()
    asked(agent, RITA, {"email": "b@example.com", "event_at": now.isoformat()}, send_at=at_two)
    jobs.send_invitations(now)
    assert mails() == []
    jobs.send_invitations(now + timedelta(hours=3))
    assert [m.recipient for m in mails()] == ["rita@example.com"]
    jobs.send_invitations(now + timedelta(hours=25))
    assert [m.recipient for m in mails()] == ["rita@example.com", "b@example.com"]


def test_so_many_wait_for_a_manager(agent: Program, survey: str) -> None:
    said = asked(agent, *({"email": f"r{n}@example.com"} for n in range(201)), status=202)
    assert (said["state"], said["invited"]) == ("waiting", 201)
    jobs.send_invitations(clock.now())
    assert db.session.scalar(select(func.count(Invitation.id))) == 0


@each("body", [
    {}, {"customers": []}, {"customers": [{}]}, {"customers": [{"email": 1}]}, {"customers": [{"email": "a@example.com", "unknown": 1}]},
    {"customers": [{"email": "a@example.com", "language": "xx"}]}, {"customers": [RITA], "send_at": "tomorrow"},
    {"customers": [RITA] * 1001},
])  # fmt: skip
def test_what_is_not_as_agreed_is_refused(agent: Program, survey: str, body: Any) -> None:
    agent.ask("POST", PATH, body, status=422)


def test_a_closed_survey_asks_nobody(agent: Program, manager: Program, survey: str) -> None:
    manager.ask("DELETE", "/surveys/bestelling/opening")
    said = asked(agent, RITA, status=409)
    assert "Open it before you ask people." in said["detail"]


def test_a_viewer_and_another_organisation_ask_nobody(
    viewer: Program, stranger: Program, survey: str
) -> None:
    asked(viewer, RITA, status=403)
    asked(stranger, RITA, status=404)
