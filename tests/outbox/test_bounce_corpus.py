"""Bounces that real servers sent are taken for what they are; answers of people and of machines never are (R19)."""

import json
from pathlib import Path

import pytest

from outbox.incoming.reading import Incoming, read
from tests.outbox.test_own_words import NAMES
from tests.outbox.test_own_words import sample as reply
from tests.outbox.test_receiving import LABELS, filled

BOUNCES = Path(__file__).parent / "bounces"
EXPECTED = json.loads((BOUNCES / "labels.json").read_text())
MISSED = {"simple_20"}
"""Its subject begins with RE: and its sender looks like a person's: rather a bounce that is missed than a person who is."""
OTHERWISE = {"dsn_01", "dsn_04", "dsn_17", "simple_42"}
"""Their machine parts name another address than their prose does: the last server's own, or one that was made unreadable."""


def found(name: str) -> Incoming:
    return read((BOUNCES / f"{name}.txt").read_bytes())


def test_98_percent_of_a_hundred_and_more_are_taken_for_bounces() -> None:
    kinds = {name: found(name).kind for name in EXPECTED}
    missed = {name for name, kind in kinds.items() if kind != "bounce"}
    assert len(EXPECTED) >= 100
    assert missed <= MISSED
    assert len(missed) <= 0.02 * len(EXPECTED)


@pytest.mark.parametrize("name", [n for n in EXPECTED if n not in MISSED | OTHERWISE])
def test_whom_it_did_not_reach_and_whether_it_is_tried_still(name: str) -> None:
    report = found(name).report
    assert sorted(r.casefold() for r in report.recipients) == [
        r.casefold() for r in EXPECTED[name]["recipients"]
    ]
    assert report.failed is not EXPECTED[name]["delayed"]
    assert not (EXPECTED[name]["delayed"] and report.permanent), "a delay is never for good"


def test_no_answer_of_a_person_or_a_machine_is_taken_for_a_bounce() -> None:
    people = [read(reply(name)).kind for name in NAMES]
    labelled = [n for n, label in LABELS.items() if label["kind"] in {"reply", "auto_reply", "other"}]
    machines = [read(filled(name, "1.1." + "a" * 26, "0" * 32)).kind for name in labelled]
    assert len(people + machines) >= 80
    assert "bounce" not in people + machines


QUOTED = "Hi. This is the qmail-send program at example.com.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<rita@example.com>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
SENDERS = [
    ("Rita <rita@example.com>", "Re: failure notice", "<1@x>"),
    ("Rita <rita@example.com>", "Fwd: failure notice", ""),
    ("Rita <rita@example.com>", "I got this from you", ""),
    ("Rita <rita@example.com>", "Delivery failure", "<1@x>"),
]


@pytest.mark.parametrize(("sender", "subject", "answers"), SENDERS)
def test_a_person_who_passes_a_bounce_on_is_a_person(sender: str, subject: str, answers: str) -> None:
    head = f"From: {sender}\nTo: post@shop.example\nSubject: {subject}\nMessage-ID: <a@b.example>\n"
    head += f"In-Reply-To: {answers}\n" if answers else ""
    assert read(f"{head}\nI got this:\n\n{QUOTED}".encode()).kind != "bounce"


def test_the_same_words_from_a_machine_are_a_bounce() -> None:
    head = (
        "Return-Path: <>\nFrom: MAILER-DAEMON@example.com\nTo: post@shop.example\nSubject: failure notice\n"
    )
    found = read(f"{head}\n{QUOTED}".encode())
    assert (found.kind, found.report.recipients, found.report.permanent, found.report.status) == (
        "bounce", ("rita@example.com",), True, "5.1.1",
    )  # fmt: skip
