"""The whole loop, driven by a program alone: from a survey to the PDF, over real SMTP."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask

from core import clock, jobs
from core.db import Base, db
from scheduler import TICKS
from tests.api.programs import STRONGER, Program
from tests.sink import Sink

HOLD = timedelta(minutes=16)
DAY = timedelta(days=1)


@pytest.fixture
def journey(now: datetime) -> Iterator[time_machine.Traveller]:
    """Time goes on from a Monday morning; a test may skip ahead."""
    with time_machine.travel(now, tick=True) as traveller:
        yield traveller


def later(journey: time_machine.Traveller, step: timedelta) -> None:
    journey.shift(step)
    jobs.run_all(TICKS, clock.now())


def last_words(smtp_server: Sink) -> str:
    """The text part of the last mail."""
    part = smtp_server.mails[-1].parsed.get_body(("plain",))
    assert part
    return str(part.get_content())


def test_from_an_answer_to_a_word_that_reached_them(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    said = manager.answered()
    assert said["state"] == "promised"
    assert (
        said["promise"] | {"who": "Alice Adams", "due_at": "2026-11-30T22:59:59.999999Z", "channel": "mail"}
        == said["promise"]
    )
    later(journey, timedelta())
    assert manager.get(f"/responses/{said['id']}")["messages"][0]["kind"] == "receipt"

    (comment,) = manager.get("/comments?state=open")["data"]
    assert (
        comment | {"text": "De doos was stuk.", "score": 2, "response_id": said["id"], "state": "open"}
        == comment
    )
    tags = manager.post("/tags", {"comment_ids": [comment["id"]], "action_id": manager.decided()})
    assert tags["tagged"] == 1
    later(journey, HOLD)

    told = manager.get(f"/responses/{said['id']}")
    assert told["state"] == "told"
    assert [m["kind"] for m in told["messages"]] == ["receipt", "update"]
    assert all(m["state"] == "sent" and m["server_reply"].startswith("250") for m in told["messages"])
    assert STRONGER["nl"] in last_words(smtp_server)
    assert (
        manager.refused("DELETE", f"/tags/{tags['ids'][0]}", status=409)
        == "This was told already. It can be corrected, not undone."
    )


def test_a_tag_is_taken_back_within_its_hold(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    said = manager.answered()
    (comment,) = manager.get("/comments")["data"]
    (tag,) = manager.post("/tags", {"comment_ids": [comment["id"]], "action_id": manager.decided()})["ids"]
    assert manager.get("/comments")["data"][0]["state"] == "held"
    assert manager.ask("DELETE", f"/tags/{tag}", status=204) is None
    later(journey, HOLD)
    assert manager.get(f"/responses/{said['id']}")["state"] == "promised"
    assert manager.refused("DELETE", f"/tags/{tag}", status=409) == "This was undone already."


def test_a_plan_is_told_and_told_again_when_it_is_done(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    said = manager.answered()
    (comment,) = manager.get("/comments")["data"]
    plan = manager.decided("planned", due_on="2026-12-10")
    manager.post("/tags", {"comment_ids": [comment["id"]], "action_id": plan})
    later(journey, HOLD)
    found = manager.get(f"/responses/{said['id']}")
    assert found["state"] == "promised", "the outcome is owed"
    assert [(p["kind"], p["ended_as"]) for p in found["promises"]] == [("update", "told"), ("outcome", None)]
    assert found["promises"][-1]["due_at"] == "2026-12-10T22:59:59.999999Z"
    journey.shift(DAY)
    assert manager.ask("PATCH", f"/actions/{plan}", {"kind": "done"}) == {
        "id": plan,
        "kind": "done",
        "told_again": 1,
        "told_by_digest": 0,
    }
    later(journey, timedelta(minutes=1))
    assert manager.get(f"/responses/{said['id']}")["messages"][-1]["kind"] in {"update", "correction"}
    assert manager.get("/ledger")["told_how"] == {"done": 1}


def test_a_plan_is_moved_for_everyone_who_was_told_it(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    manager.answered()
    (comment,) = manager.get("/comments")["data"]
    plan = manager.decided("planned", due_on="2026-12-10")
    manager.post("/tags", {"comment_ids": [comment["id"]], "action_id": plan})
    later(journey, HOLD)
    reason = {"nl": "De leverancier is dicht."}
    moved = manager.post(f"/actions/{plan}/moves", {"due_on": "2026-12-14", "reason": reason})
    assert moved == {"id": plan, "due_on": "2026-12-14", "moves": 1, "told_again": 1}
    later(journey, timedelta(minutes=1))
    assert "De leverancier is dicht." in last_words(smtp_server)
    assert (
        manager.post(f"/actions/{plan}/moves", {"due_on": "2026-12-18", "reason": reason})["due_on"] is None
    )


def test_a_program_says_how_it_stands(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    said = manager.answered()
    later(journey, timedelta(minutes=1))
    body = {"words": "Wij hebben het onderdeel besteld.", "due_at": "2026-12-04"}
    following = manager.post(f"/promises/{said['promise']['id']}/progress", body)
    assert (following["because"], following["due_at"]) == ("progress", "2026-12-04T22:59:59.999999Z")
    later(journey, timedelta(minutes=1))
    assert "Wij hebben het onderdeel besteld." in last_words(smtp_server)


def test_a_plan_for_a_public_holiday_is_taken_and_named(manager: Program, survey: str) -> None:
    body = {
        "kind": "planned",
        "title": "Boxes",
        "public_note": {"nl": "Sterkere dozen."},
        "due_on": "2026-12-25",
    }
    assert manager.post("/actions", body)["notice"] == (
        "Friday 25 December 2026 is a public holiday. The first working day after it is Monday 28 December 2026."
    )
    assert "notice" not in manager.post("/actions", {**body, "due_on": "2026-12-24"})


def test_a_promise_is_moved_and_the_move_is_told(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    said = manager.answered()
    later(journey, timedelta(minutes=1))
    moved = manager.post(
        f"/promises/{said['promise']['id']}/moves",
        {"due_at": "2026-12-04", "reason": "De leverancier is dicht."},
    )
    assert (moved["due_at"], moved["because"]) == ("2026-12-04T22:59:59.999999Z", "moved")
    later(journey, timedelta(minutes=1))
    found = manager.get(f"/responses/{said['id']}")
    assert [p["ended_as"] for p in found["promises"]] == ["moved", None]
    assert found["messages"][-1]["kind"] == "moved"
    assert "De leverancier is dicht." in last_words(smtp_server)


def test_a_score_without_words_hears_the_digest_of_its_round(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    said = manager.answered(comment=None)
    (month,) = manager.get(f"/rounds?survey={survey}")["data"]
    assert (month["starts_on"], month["ends_on"], month["waiting"], month["approved_at"]) == (
        "2026-11-01",
        "2026-11-30",
        1,
        None,
    )
    words = {
        "nl": "U zei: de doos. Wij namen een stevigere.",
        "en": "You said: the box. We took a stronger one.",
    }
    approved = manager.ask("POST", f"/rounds/{month['id']}/approval", {"words": words, "tells": []})
    assert (approved["digest"], approved["tells"]) == (words, [])
    later(journey, timedelta(minutes=1))
    assert manager.get(f"/responses/{said['id']}")["messages"][-1]["kind"] == "digest"
    assert manager.refused("POST", f"/rounds/{month['id']}/approval", status=409).startswith(
        "This digest was approved already"
    )


def test_a_reply_comes_in_as_mail(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    manager.answered()
    later(journey, timedelta())
    reply = EmailMessage()
    reply["From"], reply["To"], reply["In-Reply-To"] = (
        "rita@example.com",
        "terugkoppel@localhost",
        smtp_server.mails[0].message_id,
    )
    reply["Message-ID"], reply["Subject"] = "<1@example.com>", "Re: uw antwoord"
    reply.set_content("Dank u, dat is duidelijk.")
    found = manager.post("/incoming-messages", reply.as_bytes(), 200, Content_Type="message/rfc822")
    assert (found["kind"], found["text"].strip()) == ("reply", "Dank u, dat is duidelijk.")
    assert manager.post("/incoming-messages", reply.as_bytes(), 200, Content_Type="message/rfc822") == found


def test_everybody_is_accounted_for_and_the_report_says_so(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    manager.answered()
    manager.answered(customer={"email": "piet@example.com", "channel": "none"})
    manager.answered(customer={"channel": "page"})
    manager.answered(follow_up=False)
    assert manager.get(f"/ledger?survey={survey}") == {
        "responses": 4, "told": 0, "told_how": {}, "told_on_own_page": {}, "something_changed": 0,
        "promised": 2, "planned": 0, "waiting": {"people": 2, "days": 0}, "unreachable": {"declined": 1, "history": 1}, "missing": 0, "messages_gone": 0, "adds_up": True,
    }  # fmt: skip
    asked = manager.post(
        "/reports", {"survey": survey, "from": "2026-11-01", "to": "2026-11-30", "language": "nl"}, 202
    )
    assert (asked["state"], asked["pdf"]) == ("queued", None)
    assert manager.get(f"/reports/{asked['id']}.pdf", 404)["status"] == 404
    later(journey, timedelta(minutes=1))
    ready = manager.get(f"/reports/{asked['id']}")
    assert (ready["state"], ready["error"]) == ("ready", "")
    pdf = manager.send("GET", f"/reports/{asked['id']}.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")


def test_whoever_waits_is_counted_by_days_and_a_round_by_itself(
    manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    manager.answered()
    (round,) = manager.get("/rounds")["data"]
    journey.shift(timedelta(days=3, hours=1))
    assert manager.get(f"/ledger?round={round['id']}")["waiting"] == {"people": 1, "days": 3}
    assert manager.get(f"/ledger?round={round['id'] + 1}", 404)["status"] == 404


def test_moments_are_in_utc_with_their_zone(manager: Program, survey: str) -> None:
    promised = manager.answered()["promise"]
    assert all(datetime.fromisoformat(promised[name]).tzinfo == UTC for name in ("due_at", "opened_at"))


def test_nothing_in_the_database_opens_a_page(
    app: Flask, smtp_server: Sink, manager: Program, journey: time_machine.Traveller, survey: str
) -> None:
    """Links are computed; a copy of every row holds none, and no key either."""
    body = {"answers": {"csat": 2}, "customer": {"email": "rita@example.com"}}
    url = manager.post(f"/surveys/{survey}/responses", body, Idempotency_Key="a")["status_url"]
    later(journey, timedelta(minutes=1))
    assert url in smtp_server.mails[-1].raw.decode()
    rows = [str(row) for table in Base.metadata.tables.values() for row in db.session.execute(table.select())]
    proofs = re.compile(r"[1-9][0-9]*\.[1-9][0-9]*\.[a-z2-7]{26}")
    assert [row for row in rows if proofs.search(row) or manager.key in row] == []
