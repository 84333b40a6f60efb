"""What the mailbox shows: pages that follow one another, and a message as its reader sees it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.sql.compiler import SQLCompiler

from core import links
from core.db import db, writing
from outbox import bodies, claiming, statements, sweeping
from outbox.channels.mailbox import Mailbox
from outbox.delivering import deliver
from outbox.models import Attempt, Message
from outbox.queries import counts, listing, opened, tries_left, usual_day
from tests.cast import Cast
from tests.each import each
from tests.outbox.post import attempts, queue, send, states
from tests.sink import Sink


@pytest.mark.both_databases
def test_a_usual_day_is_the_middle_one_of_the_last_28_local_days_with_any(
    app: Flask, people: Cast, now: datetime
) -> None:
    def usual() -> int:
        return usual_day(people.webshop.id, "Europe/Amsterdam", now)

    assert usual() == 0
    for days, n in ((0, 9), (1, 3), (2, 5), (28, 3), (29, 9)):
        for number in range(n):
            queue(people.webshop, now - timedelta(days=days), f"{days}-{number}@example.com")
    queue(people.housing, now - timedelta(days=1))
    assert usual() == 3, "of 3, 3 and 5; today and what lies further back do not count"
    queue(people.webshop, datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
    assert usual() == 4, "half past midnight in Amsterdam belongs to yesterday"


def test_pages_follow_one_another_newest_first(app: Flask, people: Cast, now: datetime) -> None:
    ids = [queue(people.webshop, now, f"{n}@example.com").id for n in range(5)]
    queue(people.housing, now)
    first = listing(people.webshop.id, most=2)
    second = listing(people.webshop.id, before=first.next, most=2)
    third = listing(people.webshop.id, before=second.next, most=2)
    assert [line.id for page in (first, second, third) for line in page.lines] == ids[::-1]
    assert third.next is None
    assert first.lines[0].recipient == "4@example.com"


def test_one_state_alone(app: Flask, people: Cast, now: datetime) -> None:
    queue(people.webshop, now)
    send(now)
    queue(people.webshop, now)
    assert [line.state for line in listing(people.webshop.id, "sent").lines] == ["sent"]
    assert listing(people.housing.id).lines == []
    assert counts(people.housing.id).total == 0


def test_without_smtp_the_links_work(app: Flask, people: Cast, now: datetime) -> None:
    shown = opened(queue(people.webshop, now))
    assert links.url("status", 7) in shown.text
    assert links.url("status", 7) in shown.html


def test_with_smtp_they_are_their_readers_alone(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    shown = opened(queue(people.webshop, now))
    assert "/f/…" in shown.text
    assert links.token("status", 7) not in shown.text + shown.html


def test_a_row_removed_by_hand_leaves_its_attempts(app: Flask, people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now)
    number, key = message.id, message.key
    send(now)
    with writing():
        db.session.execute(delete(Message))
    (left,) = db.session.scalars(select(Attempt).where(tries_left(number, key)))
    assert (left.outcome, left.message_id) == ("sent", None)


def test_so_does_one_removed_behind_the_databases_back(app: Flask, people: Cast, now: datetime) -> None:
    """By a tool that keeps no foreign keys: the attempt keeps the number of a row that is gone."""
    message = queue(people.webshop, now)
    number, key = message.id, message.key
    send(now)
    db.session.rollback()
    path = str(db.engine.url.database)
    with closing(sqlite3.connect(path)) as tool, tool:
        tool.execute("DELETE FROM message")
    assert [a.outcome for a in db.session.scalars(select(Attempt).where(tries_left(number, key)))] == ["sent"]


@pytest.mark.parametrize("most", [1, 20, 25])
def test_a_run_is_bounded(app: Flask, people: Cast, now: datetime, most: int) -> None:
    for n in range(30):
        queue(people.webshop, now, f"{n}@example.com")
    assert deliver(now, Mailbox(), most=most) == most
    assert states() == {"sent": most, "queued": 30 - most}
    assert deliver(now, Mailbox(), seconds=-1) == 0


def test_a_row_that_was_spoilt_by_hand_fails_and_the_others_leave(
    app: Flask, people: Cast, smtp_server: Sink, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    spoilt, address = queue(people.webshop, now), queue(people.webshop, now)
    with writing():
        db.session.execute(
            update(Message).where(Message.id == spoilt.id).values(subject="a\r\nBcc: eve@example.com")
        )
        db.session.execute(update(Message).where(Message.id == address.id).values(recipient="a@b.nl, c@d.nl"))
    fine = queue(people.webshop, now, "fine@example.com")
    send(now + timedelta(seconds=1))
    assert [spoilt.state, address.state, fine.state] == ["failed", "failed", "sent"]
    assert attempts(spoilt)[0].reply.startswith("It cannot be sent: a header cannot hold")
    assert "alarm" in caplog.text


STATEMENTS = {
    "claim": claiming._CLAIM,
    "renew": claiming._RENEW,
    "release": claiming._RELEASE,
    "give back": sweeping._GIVE_BACK,
    "lose": sweeping._LOSE,
    "expire": sweeping._EXPIRE,
    "wipe": bodies._FORGET_LATE,
    "mark": statements.MARK.statement,
    "settle": statements.SETTLE.statement,
    "pass over": claiming._AVOIDED,
}


@each("name", STATEMENTS)
def test_a_sender_never_reads_the_whole_table(app: Flask, name: str) -> None:
    """It runs every few seconds, and a year of messages lies behind it."""
    compiled = cast(SQLCompiler, STATEMENTS[name].compile(dialect=db.engine.dialect))
    values = {key: bind.value if bind.expanding else None for bind, key in compiled.bind_names.items()}
    expanded = compiled.construct_expanded_state(values)
    with db.engine.connect() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {expanded.statement}", tuple(None for _ in expanded.positiontup or ())
        ).all()
    steps = [str(step[3]) for step in plan]
    assert not [step for step in steps if step.startswith("SCAN message") and "INDEX" not in step]
