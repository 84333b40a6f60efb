"""Text messages: each row of the fault table over a real gateway on a socket, and what never leaves the machine."""

import json
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from core.db import writing
from outbox import gateways, holding, texting
from outbox.channels import sms
from outbox.deciding import decide_again, decide_delivered
from outbox.jobs import deliver_due, hand_back
from outbox.models import Message
from outbox.outlets.errands import Outcome
from outbox.outlets.sealing import seal
from outbox.queries import counts, opened
from outbox.suppressing import suppress
from tests.cast import Cast
from tests.gateway import Gateway, running
from tests.outbox.post import attempts, states
from tests.outbox.texts import DIALLED, MOBILE, row, set_up, text

pytestmark = pytest.mark.settings(smtp_url="smtp://127.0.0.1:9", alert_hosts=("127.0.0.1",))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def server() -> Iterator[Gateway]:
    with running() as server:
        yield server


@pytest.fixture
def gateway(server: Gateway) -> Gateway:
    server.heard.clear()
    server.answers.clear()
    return server


def given(gateway: Gateway) -> list[dict[str, str]]:
    return [json.loads(body) for body in gateway.texts]


@pytest.mark.both_databases
def test_what_the_gateway_accepts_is_sent_and_that_is_the_evidence(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    message = text(people.webshop, now)
    assert texting.deliver(now) == 1
    assert (message.state, message.sent_at, message.tries) == ("sent", now, 1)
    assert message.server_reply == "accepted by JSON: 200"
    assert [(a.outcome, a.server) for a in attempts(message)] == [("sent", row().shown)]
    (said,) = given(gateway)
    assert (said["to"], said["title"]) == (DIALLED, "")
    assert said["message"].startswith("Dear Rita,"), "the frozen words"
    assert "/f/7.1." in said["message"], "with the link to their own page"
    assert (row().sent_at, row().problem) == (now, None)
    assert texting.deliver(now + HOUR) == 0, "once"


ENDS = {
    "wrong": ("failed", "JSON, answer: 400 no such number"),
    "no": ("failed", "JSON, said_no: channel_not_found"),
    "penniless": ("queued", "JSON, answer: 402 no credit left"),
    "echo": ("queued", "JSON, answer: 403 wrong token"),
    "bad": ("queued", "JSON, answer: 404 no such hook"),
    "busy": ("queued", "JSON, answer: 429 slower, please"),
    "moved": ("queued", "JSON, redirect"),
    "fault": ("unknown", "No clear answer after it was handed over. JSON, answer: 500 oh no"),
    "gone": ("unknown", "No clear answer after it was handed over. JSON, answer: 503 come back later"),
    "drop": ("unknown", "No clear answer after it was handed over. JSON, refused"),
    "hang": ("unknown", "No clear answer after it was handed over. JSON, time"),
}
"""word of the gateway → (the state it leads to, what is written down)"""


@pytest.mark.parametrize("word", ENDS)
def test_each_row_of_the_fault_table(
    app: Flask, people: Cast, gateway: Gateway, now: datetime, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texting, "SECONDS", 3.0 if word == "hang" else 10.0)
    set_up(people.webshop, gateway.address(word))
    message = text(people.webshop, now)
    texting.deliver(now)
    state, reply = ENDS[word]
    assert message.state == state
    assert message.server_reply.startswith(reply)
    assert len(gateway.heard) == 1, "asked once, whatever it answered"
    assert [a.outcome for a in attempts(message)] == ["retry" if state == "queued" else state]
    assert counts(people.webshop.id).adds_up


def test_nobody_at_the_port_is_tried_again(app: Flask, people: Cast, now: datetime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    set_up(people.webshop, f"json://127.0.0.1:{port}/x")
    message = text(people.webshop, now)
    texting.deliver(now)
    assert (message.state, message.server_reply) == ("queued", "JSON, refused: Connection refused")
    assert row().problem == "refused"


@pytest.mark.parametrize(
    ("word", "said", "state"),
    [
        ("sms", '{"result": {"message_id": 7, "status": "ok"}}', "sent"),
        ("sms", '{"result": {"status": "error", "error_text": "wrong number"}}', "failed"),
        ("sms", '{"result": {"status": "who knows"}}', "unknown"),
        ("sms", "<html>Welcome to the Wi-Fi of the station</html>", "unknown"),
    ],
)
def test_a_200_is_sent_only_where_the_library_reads_a_yes_in_it(
    app: Flask, people: Cast, gateway: Gateway, now: datetime, word: str, said: str, state: str
) -> None:
    """An SMSEagle answers 200 to everything; what is inside says whether it took the text."""
    gateway.answers[word] = (200, said)
    set_up(people.webshop, f"smseagle://abcdefghijklmnop@127.0.0.1:{gateway.server_port}")
    message = text(people.webshop, now)
    texting.deliver(now)
    assert message.state == state
    asked: Any = given(gateway)[0]
    assert asked["params"]["to"] == DIALLED
    assert "<html>" not in message.server_reply or state == "unknown"


@pytest.mark.both_databases
@pytest.mark.parametrize("word", ["fault", "drop"])
def test_the_unknown_is_never_sent_again_by_itself(
    app: Flask, people: Cast, gateway: Gateway, now: datetime, word: str
) -> None:
    set_up(people.webshop, gateway.address(word))
    message = text(people.webshop, now)
    texting.deliver(now)
    for moment in (now + HOUR, now + DAY, now + 30 * DAY):
        hand_back(moment)
        assert texting.deliver(moment) == 0
    assert (message.state, len(gateway.heard)) == ("unknown", 1)


def test_a_person_decides_about_the_unknown(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    place = set_up(people.webshop, gateway.address("fault"))
    arrived, again = text(people.webshop, now), text(people.webshop, now, "+31 6 87654321")
    texting.deliver(now)
    assert states() == {"unknown": 2}
    with writing():
        decide_delivered(arrived, now + HOUR)
        decide_again(again, now + HOUR)
        gateways.note(place, Outcome(), now)
    gateway.answers["fault"] = (200, "{}")
    assert texting.deliver(now + HOUR) == 1
    assert states() == {"sent": 2}
    assert (arrived.sent_at, again.sent_at) == (now, now + HOUR)
    assert len(gateway.heard) == 3


def test_what_a_sender_left_behind_between_mark_and_answer_is_unknown(
    app: Flask, people: Cast, gateway: Gateway, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power fails when the request is out: what was marked was committed before."""
    set_up(people.webshop, gateway.address("yes"))
    message = text(people.webshop, now)
    seen: list[str] = []

    def out(errands: object, seconds: float) -> list[Outcome]:
        seen.append(next(iter(states())))
        raise SystemExit

    monkeypatch.setattr(texting, "run", out)
    monkeypatch.setattr("outbox.claiming.LEASE", timedelta(seconds=-1))
    with pytest.raises(SystemExit):
        texting.deliver(now)
    assert seen == ["transmitting"]
    assert hand_back(now) == 1
    assert (message.state, texting.deliver(now + DAY)) == ("unknown", 0)


@pytest.mark.parametrize(
    ("zone", "number", "at", "wakes"),
    [
        ("evening", MOBILE, "2026-11-23T19:00", "2026-11-24T08:00"),
        ("night", MOBILE, "2026-11-24T02:00", "2026-11-24T08:00"),
        ("last minute", MOBILE, "2026-11-24T07:59", "2026-11-24T08:00"),
        ("in Japan it is evening", "+81 90 1234 5678", "2026-11-23T11:00", "2026-11-24T00:00"),
        ("in Surinam it is early", "+597 741 2345", "2026-11-23T09:30", "2026-11-23T12:00"),
    ],
)
def test_nobody_is_texted_in_their_own_night(
    app: Flask, people: Cast, gateway: Gateway, zone: str, number: str, at: str, wakes: str
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    asleep, awake = (datetime.fromisoformat(f"{each}+00:00") for each in (at, wakes))
    message = text(people.webshop, asleep, number)
    assert texting.deliver(asleep) == 0
    assert (message.state, message.next_attempt_at, message.tries) == ("queued", awake, 0)
    assert attempts(message) == [], "that is no try"
    assert texting.deliver(awake) == 1
    assert (message.state, len(gateway.heard)) == ("sent", 1)


def test_who_sleeps_holds_nobody_up(app: Flask, people: Cast, gateway: Gateway, now: datetime) -> None:
    set_up(people.webshop, gateway.address("yes"))
    asleep = [text(people.webshop, now, f"+1 808 922 {n:04d}") for n in range(7)]
    awake = text(people.webshop, now)
    assert texting.deliver(now) == 1
    assert awake.state == "sent"
    assert {message.state for message in asleep} == {"queued"}


def test_a_gateway_that_failed_rests_and_is_tried_with_one(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    """Many are due; each hour that it is down one of them is asked about, and nobody loses a text."""
    set_up(people.webshop, gateway.address("penniless"))
    for n in range(7):
        text(people.webshop, now, f"+31 6 1234567{n}")
    texting.deliver(now)
    assert len(gateway.heard) == texting.TOGETHER, "the first round did not know"
    assert (row().tries, row().next_try_at) == (1, now + MINUTE)
    assert texting.deliver(now + MINUTE / 2) == 0
    assert texting.deliver(now + MINUTE) == 1
    assert (row().tries, row().next_try_at) == (2, now + 6 * MINUTE)
    gateway.answers["penniless"] = (201, "{}")
    texting.deliver(now + HOUR)
    assert states() == {"sent": 7}
    assert (row().problem, row().tries, row().next_try_at) == (None, 0, None)


def test_a_gateway_that_refuses_one_number_goes_on_with_the_others(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("wrong"))
    text(people.webshop, now)
    texting.deliver(now)
    assert (states(), row().problem, row().next_try_at) == ({"failed": 1}, None, None)


def test_one_organisations_gateway_says_nothing_about_anothers(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("penniless"))
    set_up(people.housing, gateway.address("yes"))
    theirs, ours = text(people.webshop, now), text(people.housing, now)
    texting.deliver(now)
    assert (theirs.state, ours.state) == ("queued", "sent")
    assert sorted(path.rpartition("/")[2] for path, _ in gateway.heard) == ["penniless", "yes"]


def test_after_three_days_without_a_gateway_it_has_failed(app: Flask, people: Cast, now: datetime) -> None:
    message, moment = text(people.webshop, now), now
    while message.state == "queued":
        texting.deliver(moment)
        hand_back(moment)
        moment += HOUR
    assert message.state == "failed"
    assert moment - now <= timedelta(hours=74)
    assert "No gateway of text messages is set up." in message.server_reply


def test_a_gateway_that_is_sealed_with_a_lost_key_is_named(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    with writing():
        row().sealed = seal(gateway.address("yes"), ["another key of thirty-two letters"])
    message = text(people.webshop, now)
    texting.deliver(now)
    assert (message.state, row().problem, gateway.heard) == ("queued", "sealed", [])


@pytest.mark.settings(alert_hosts=())
def test_a_host_that_is_permitted_no_more_gets_nothing(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    message = text(people.webshop, now)
    texting.deliver(now)
    assert (message.state, gateway.heard) == ("queued", [])
    assert row().problem in {"plain", "private"}


@pytest.mark.parametrize(
    "number",
    [
        "",
        "12",
        "+31 43 123 4567",
        "rita@example.com",
        "+31 6 1",
        "tel:+31612345678;ext=9",
        "+31612345678,+31687654321",
    ],
)
def test_what_is_no_number_fails_and_reaches_no_gateway(
    app: Flask, people: Cast, gateway: Gateway, now: datetime, number: str
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    message = text(people.webshop, now, number)
    texting.deliver(now)
    assert message.state == "failed" or given(gateway)[0]["to"] == DIALLED
    assert all("," not in said["to"] for said in given(gateway)), "one number, whatever was typed"


def test_a_number_that_is_blocked_meanwhile_gets_nothing(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    message = text(people.webshop, now)
    with writing():
        suppress(people.webshop.id, MOBILE, "by_hand", now)
    texting.deliver(now)
    assert (message.state, gateway.heard) == ("suppressed", [])


def test_what_the_gateway_repeats_of_a_text_is_not_kept(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    """Neither the key of a personal page, nor the number, nor what is secret in the gateway's address."""
    set_up(people.webshop, gateway.address("repeats"))
    message = text(people.webshop, now, text="{slot} and nothing else", slot="{slot}", links={})
    linked = text(people.webshop, now)
    texting.deliver(now)
    for each in (message, linked):
        assert each.state == "failed"
        assert DIALLED[1:] not in each.server_reply
        assert "/f/7.1." not in each.server_reply
        assert "a-secret-of-the-channel" not in each.server_reply


def test_a_demo_texts_nobody(app: Flask, people: Cast, gateway: Gateway, now: datetime) -> None:
    set_up(people.webshop, gateway.address("yes"))
    with writing():
        people.webshop.demo = True
    message = text(people.webshop, now)
    assert texting.deliver(now) == 1
    assert (message.state, message.server_reply) == ("sent", sms.KEPT.reply)
    assert gateway.heard == []


@pytest.mark.settings(smtp_url="")
def test_before_a_mail_server_is_set_texts_are_read_in_the_mailbox(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    message = text(people.webshop, now)
    assert texting.deliver(now) == 1
    assert (message.state, gateway.heard) == ("sent", [])
    assert "/f/7.1." in opened(message).text, "its link works, since this page is all there is"


def test_while_mail_is_on_hold_nothing_leaves(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    message = text(people.webshop, now)
    with writing():
        holding.hold("restored", now)
    assert texting.deliver(now) == 0
    assert (message.state, gateway.heard) == ("queued", [])
    with writing():
        holding.release("alice", now)
    assert texting.deliver(now) == 1


@pytest.mark.settings(mail_allow=("example.com",))
def test_where_only_some_domains_may_be_written_to_no_text_leaves(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    message = text(people.webshop, now)
    texting.deliver(now)
    assert (message.state, gateway.heard) == ("failed", [])
    assert "MAIL_ALLOW" in message.server_reply


def test_a_sender_of_mail_leaves_texts_alone(app: Flask, people: Cast, now: datetime) -> None:
    message: Message = text(people.webshop, now)
    assert deliver_due(now) == 0
    assert (message.state, message.tries) == ("queued", 0)


def test_words_that_are_lost_are_not_sent_as_nothing(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    message = text(people.webshop, now, text="")
    texting.deliver(now)
    assert (message.state, message.server_reply, gateway.heard) == ("failed", "Its words are lost.", [])


@pytest.mark.both_databases
def test_many_are_sent_once_each(app: Flask, people: Cast, gateway: Gateway, now: datetime) -> None:
    set_up(people.webshop, gateway.address("yes"))
    for n in range(6):
        text(people.webshop, now, f"+31 6 123456{n:02d}")
    assert texting.deliver(now) == 6
    assert len({said["to"] for said in given(gateway)}) == len(gateway.heard) == 6
    assert states() == {"sent": 6}


CLEAR = {
    ("answer", "400 x"): "failed",
    ("answer", "413 x"): "failed",
    ("answer", "422 x"): "failed",
    ("answer", "401 x"): "retry",
    ("answer", "404 x"): "retry",
    ("said_no", "x"): "failed",
    ("sealed", ""): "retry",
    ("host", "x"): "retry",
    ("refused", "x"): "retry",
}


@pytest.mark.parametrize(("said", "state"), CLEAR.items())
def test_only_a_clear_no_may_be_tried_again(said: tuple[str, str], state: str) -> None:
    problem, reply = said
    assert sms.meaning(Outcome(problem, reply, refused=True), "JSON").state == state
    assert sms.meaning(Outcome(problem, reply), "JSON").state == "unknown", (
        "nobody said that it was not taken"
    )


@pytest.mark.parametrize("problem", ["time", "broken", "whatever comes later"])
def test_what_a_child_process_does_not_say_is_unknown(problem: str) -> None:
    assert sms.meaning(Outcome(problem), "JSON").state == "unknown"
