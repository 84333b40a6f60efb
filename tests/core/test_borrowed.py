"""Who writes only rows borrows a connection for that; the session takes part when it is asked for something, and not before."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from core import rows
from core.database import connections
from core.db import db, writing
from core.models import Organisation
from customers.models import Customer
from tests.cast import Cast

pytestmark = pytest.mark.both_databases
Put = Callable[[str], int]


@pytest.fixture
def put(people: Cast, now: datetime) -> Put:
    organisation_id = people.webshop.id
    return lambda name: rows.put(Customer, organisation_id=organisation_id, name=name, created_at=now)


def names() -> set[str]:
    """Of whom was met since."""
    return set(db.session.scalars(select(Customer.name))) - {"Rita Ritsema"}


def test_rows_alone_begin_no_session(put: Put) -> None:
    with writing():
        put("Nora")
        assert not db.session().in_transaction()
    assert names() == {"Nora"}


def test_the_session_sees_them_and_commits_with_them(put: Put, now: datetime, people: Cast) -> None:
    organisation_id = people.webshop.id
    with writing():
        put("Nora")
        assert db.session.scalar(select(func.count()).where(Customer.name == "Nora")) == 1
        db.session.add(Customer(organisation_id=organisation_id, name="Nel", created_at=now))
    assert names() == {"Nora", "Nel"}


def test_rows_after_the_session_began_are_in_its_transaction(put: Put, people: Cast) -> None:
    with writing():
        people.webshop.name = "Renamed"
        put("Nora")
        assert connections.lent.get() is None
    assert (names(), people.webshop.name) == ({"Nora"}, "Renamed")


def test_what_only_is_remembered_until_the_commit_is_done_then(put: Put) -> None:
    """`triage.following` notes numbers in the session, and follows them before it commits."""
    followed: list[object] = []

    def follow(session: object) -> None:
        followed.append(db.session.info.pop("noted"))

    event.listen(db.session, "before_commit", follow)
    with writing():
        put("Nora")
        db.session.info["noted"] = 1
    event.remove(db.session, "before_commit", follow)
    assert (followed, names()) == ([1], {"Nora"})


@pytest.mark.parametrize("asked", [False, True])
def test_what_fails_leaves_nothing_by_either_way(put: Put, people: Cast, asked: bool) -> None:
    def fail() -> None:
        with writing():
            put("Nora")
            if asked:
                db.session.get_one(Organisation, people.webshop.id).name = "Renamed"
                db.session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert (names(), people.webshop.name) == (set(), "Webshop")
    with writing():
        put("Nel")
    assert names() == {"Nel"}


def test_a_commit_that_fails_spoils_only_its_own(app: Flask, put: Put) -> None:
    def full(_connection: object) -> None:
        raise LookupError

    def fail() -> None:
        with writing():
            put("lost")

    event.listen(db.engine, "commit", full)
    with pytest.raises(LookupError):
        fail()
    event.remove(db.engine, "commit", full)
    with writing():
        put("kept")
    assert names() == {"kept"}


def test_every_borrowed_connection_comes_back(put: Put) -> None:
    for n in range(45):
        with writing():
            put(f"n{n}")
    assert db.engine.pool.checkedout() <= 1  # type: ignore[attr-defined]
