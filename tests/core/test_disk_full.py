"""A disk that is full at any write point: a clean 503 with what was typed, nothing half written, no mail without its mark (R27)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.exc import OperationalError

from core import jobs
from core.db import Base, db, writing
from core.jobs import Tick
from followup.composing import compose_due
from followup.receipts import compose_receipts
from outbox.jobs import deliver_due, hand_back
from promises.models import Promise, Update
from surveys.models import Survey
from tests.browser import fields
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey, settled
from tests.outbox.post import queue, states
from tests.sink import Sink

NO_LIMIT = 1_073_741_823


class Disk:
    """Full from the moment that somebody writes to one table: each such write needs pages that are not there."""

    def __init__(self) -> None:
        self.pages = NO_LIMIT
        event.listen(db.engine, "begin", self._limit)

    def _limit(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={self.pages}")

    def fill(self, table: str) -> None:
        with writing():
            db.session.execute(text("CREATE TABLE ballast (bytes BLOB)"))
            for verb in ("INSERT", "UPDATE"):
                swell = f"BEGIN INSERT INTO ballast VALUES (zeroblob({self._more_than_free()})); END"
                db.session.execute(text(f"CREATE TRIGGER swell_{verb} AFTER {verb} ON {table} {swell}"))
        self.pages = db.session.execute(text("PRAGMA page_count")).scalar_one()
        db.session.rollback()

    def _more_than_free(self) -> int:
        """In bytes: pages that an earlier test left empty would take it otherwise."""
        empty, size = (
            db.session.execute(text(f"PRAGMA {what}")).scalar_one()
            for what in ("freelist_count", "page_size")
        )
        return 100_000 + int(empty * size)

    def free(self) -> None:
        self.pages = NO_LIMIT
        db.session.rollback()


@pytest.fixture
def disk(app: Flask) -> Iterator[Disk]:
    disk = Disk()
    yield disk
    event.remove(db.engine, "begin", disk._limit)


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


def rows() -> dict[str, int]:
    """table → how many rows; those of the disk itself apart."""
    db.session.rollback()
    return {
        t.name: db.session.scalar(select(func.count()).select_from(t)) or 0
        for t in Base.metadata.sorted_tables
    }


@pytest.mark.parametrize(
    "table", ["customer", "identity", "response", "answer", "promise", "comment", "event"]
)
def test_an_answer_is_kept_by_the_browser_and_can_be_sent_again(
    app: Flask, client: FlaskClient, survey: Survey, disk: Disk, table: str
) -> None:
    app.testing = False
    typed = {"csat": "2", "comment": "The door does not close.", "contact-wants": "mail"}
    typed |= {"contact-email": "ulla@example.com"}
    form = fields(client.get("/s/bestelling").text, "/s/bestelling") | typed
    before = rows()
    disk.fill(table)
    refused = client.post("/s/bestelling", data=form)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    again = fields(refused.text, "/s/bestelling")
    assert again["comment"] == typed["comment"]
    assert rows() == before, "nothing is half written"
    disk.free()
    assert client.post("/s/bestelling", data=again).status_code == 303
    assert rows()["response"] == 1


@pytest.mark.parametrize("table", ["message", "promise_update"])
def test_a_letter_that_cannot_be_kept_is_composed_when_there_is_room(
    survey: Survey, now: datetime, disk: Disk, table: str
) -> None:
    with writing():
        answered(survey, now)
    disk.fill(table)
    with pytest.raises(OperationalError, match="full"):
        compose_receipts(now)
    assert (rows()["message"], rows()["promise_update"]) == (0, 0)
    disk.free()
    assert (compose_receipts(now), compose_receipts(now)) == (1, 0)


@pytest.mark.parametrize("table", ["message", "promise_update", "promise", "tag", "told", "event"])
def test_what_was_done_is_told_whole_or_not_at_all(
    people: Cast, survey: Survey, now: datetime, disk: Disk, table: str
) -> None:
    with writing():
        settled(answered(survey, now), decided(people, now), now)
    disk.fill(table)
    with pytest.raises(OperationalError, match="full"):
        compose_due(now)
    assert (rows()["message"], db.session.scalars(select(Promise.ended_as)).all()) == (0, [None])
    disk.free()
    assert compose_due(now) == 1
    assert sorted(db.session.scalars(select(Update.kind))) == ["ending", "receipt"]


def test_no_mail_is_sent_whose_mark_cannot_be_written(
    people: Cast, smtp_server: Sink, now: datetime, disk: Disk
) -> None:
    queue(people.webshop, now)
    disk.fill("message")
    with pytest.raises(OperationalError, match="full"):
        deliver_due(now)
    assert (states(), smtp_server.mails) == ({"queued": 1}, [])
    disk.free()
    deliver_due(now)
    assert (states(), len(smtp_server.mails)) == ({"sent": 1}, 1)


def test_a_mail_whose_end_cannot_be_written_is_openly_uncertain(
    people: Cast, smtp_server: Sink, now: datetime, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was accepted, and the row does not say so: nobody sends it again by itself."""
    monkeypatch.setattr("outbox.claiming.LEASE", timedelta(seconds=-1))
    queue(people.webshop, now)
    disk.fill("attempt")
    with pytest.raises(OperationalError, match="full"):
        deliver_due(now)
    disk.free()
    hand_back(now)
    deliver_due(now)
    assert (states(), len(smtp_server.mails)) == ({"unknown": 1}, 1)


def test_a_tick_that_cannot_leave_its_pulse_stops_nobody(
    app: Flask, now: datetime, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    """And /healthz says that the clock has stopped."""
    ran: list[str] = []
    ticks = [Tick(name, timedelta(minutes=1), lambda _now, n=name: ran.append(n) or 0) for name in ("a", "b")]  # type: ignore[misc,func-returns-value]
    disk.fill("beat")
    jobs.run_all(ticks, now)
    assert ran == ["a", "b"]
    assert "no pulse" in caplog.text
    assert jobs.stopped(ticks, now) == ["a", "b"]
