"""One writes at a time, and nobody hears of it before it is on the disk; meanwhile the next one writes."""

import threading
from collections.abc import Callable
from contextvars import Context
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.database import turns
from core.database.turns import Line, Turns, one_writer
from core.db import db, writing
from core.models import Organisation
from tests import applications
from tests.cast import make_organisation
from tests.emptied_file import EmptiedFile
from tests.waiting import until

SECONDS = 10


@pytest.fixture
def app(app_of_its_own: Flask) -> Flask:
    """The others do not wait for the disk."""
    return app_of_its_own


def there() -> list[str]:
    """What somebody else finds."""
    with db.engine.connect() as other:
        return list(other.scalars(select(Organisation.slug).order_by(Organisation.id)))


class Disk:
    """In the place of the system's call: it notes which file, and what stood in the database by then."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, then: Callable[[], object] = lambda: None) -> None:
        self.asked: list[tuple[str, list[str]]] = []
        self.then = then
        monkeypatch.setattr(turns, "_to_disk", self._write_down)

    def _write_down(self, file: int) -> None:
        self.asked.append((str(Path(f"/proc/self/fd/{file}").readlink()), there()))
        self.then()


def elsewhere(app: Flask, work: Callable[[], object]) -> threading.Thread:
    """In a thread with a session of its own."""

    def run() -> None:
        with app.app_context():
            work()

    thread = threading.Thread(target=Context().run, args=(run,))
    thread.start()
    return thread


def write(slug: str, now: datetime) -> None:
    with writing():
        make_organisation(slug, now)


def write_and_fail(now: datetime) -> None:
    with writing():
        make_organisation("half", now)
        raise ZeroDivisionError


def test_the_log_is_on_the_disk_with_what_was_written_before_the_writer_goes_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    disk = Disk(monkeypatch)
    write("kept", now)
    assert disk.asked == [(f"{db.engine.url.database}-wal", ["kept"])]


def test_whoever_finds_it_there_already_waits_for_the_disk_too(
    app: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """A page that was sent twice is thanked for what another thread wrote a moment ago."""
    write("kept", now)
    disk = Disk(monkeypatch)
    with writing():
        there()
    assert len(disk.asked) == 1


def test_so_does_whoever_failed_perhaps_because_it_was_there(
    app: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    write("kept", now)
    disk = Disk(monkeypatch)
    with pytest.raises(ZeroDivisionError):
        write_and_fail(now)
    assert disk.asked == [(f"{db.engine.url.database}-wal", ["kept"])]


def test_others_write_while_one_waits_for_the_disk(
    app: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    waiting, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        waiting.set()
        assert go_on.wait(SECONDS)

    disk = Disk(monkeypatch, slow)
    first = elsewhere(app, lambda: write("first", now))
    assert waiting.wait(SECONDS)
    disk.then = lambda: None
    write("second", now)
    assert first.is_alive()
    assert there() == ["first", "second"]
    go_on.set()
    first.join(SECONDS)
    assert not first.is_alive()


def test_a_disk_that_fails_is_a_database_that_fails_and_the_next_one_has_its_turn(
    app: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    def broken() -> None:
        raise OSError(5, "Input/output error")

    disk = Disk(monkeypatch, broken)
    with pytest.raises(OperationalError, match="Input/output error"):
        write("first", now)
    disk.then = lambda: None
    write("second", now)
    assert "second" in there()


def test_where_sqlite_has_no_log_it_waited_itself(app: Flask, sqlite_database: EmptiedFile) -> None:
    """Whoever is the last to close a file takes the log away."""
    sqlite_database.close()
    applications.let_go()
    with writing():
        assert not Path(f"{db.engine.url.database}-wal").exists()


def test_who_waits_longest_comes_next() -> None:
    line, came = Line(), list[int]()

    def come(number: int) -> None:
        with line:
            came.append(number)

    with line:
        threads = [threading.Thread(target=come, args=(number,)) for number in range(10)]
        for number, thread in enumerate(threads, 1):
            thread.start()
            until(partial(lambda so_many: len(line._waiting) == so_many, number))
    for thread in threads:
        thread.join(SECONDS)
    assert came == list(range(10))


@pytest.mark.parametrize("called", [False, True])
def test_who_is_interrupted_holds_up_nobody(called: bool) -> None:
    """By Ctrl-C while it waits, or at the moment at which it was called."""
    line = Line()
    with line:
        place = line._queue()
        if not called:
            line._step_out(place)
    if called:
        line._step_out(place)
    assert not line._taken
    assert not line._waiting


def test_another_database_gives_its_own_turns() -> None:
    with one_writer(Turns(None)), one_writer(Turns(None)):
        pass
