"""A row is written past the unit of work, and the session knows it as if it had been read."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, bindparam, delete, event, func, select, update
from sqlalchemy.exc import IntegrityError

from accounts.models import Membership
from core import rows
from core.database import connections
from core.database.glances import Glances
from core.db import db, writing
from core.models import Beat, Event
from customers.models import Customer, Identity
from tests.cast import Cast

pytestmark = pytest.mark.both_databases


def statements_of(work: object) -> list[str]:
    """What the database was asked while `work` ran, by SQLAlchemy and past it."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    def run(connection: Connection, sql: str, parameters: Any = ()) -> Any:
        asked.append(sql)
        return bare(connection, sql, parameters)

    def glance(glances: Glances, sql: str, parameters: Any) -> Any:
        asked.append(sql)
        return glanced(glances, sql, parameters)

    bare, glanced = connections.run, Glances.rows
    event.listen(db.engine, "before_cursor_execute", note)
    connections.run, Glances.rows = run, glance  # type: ignore[method-assign,assignment]
    try:
        work()  # type: ignore[operator]
    finally:
        connections.run, Glances.rows = bare, glanced  # type: ignore[method-assign]
        event.remove(db.engine, "before_cursor_execute", note)
    return asked


def test_what_the_model_says_by_itself_is_written_too(people: Cast, now: datetime) -> None:
    with writing():
        id = rows.put(Customer, organisation_id=people.webshop.id, created_at=now)
    found = db.session.get_one(Customer, id)
    assert (found.name, found.language, found.created_at, found.erased_at) == ("", "", now, None)


def test_an_inserted_row_is_known_without_reading_it(people: Cast, now: datetime) -> None:
    organisation_id = people.webshop.id
    with writing():
        made = rows.insert(Customer(organisation_id=organisation_id, name="Nora", created_at=now))
        asked = statements_of(lambda: (made.id, made.name, made.language, made.merged_into_id))
        assert not asked
        assert db.session.get(Customer, made.id) is made


def test_a_row_that_is_put_together_past_its_class_is_the_same(people: Cast, now: datetime) -> None:
    with writing():
        made = rows.insert(rows.new(Customer, organisation_id=people.webshop.id, name="Nora", created_at=now))
        asked = statements_of(lambda: (made.id, made.name, made.language, made.merged_into_id))
        assert not asked
        made.name = "Nora Nijhof"
    found = db.session.get_one(Customer, made.id)
    assert (found, found.name, found.language) == (made, "Nora Nijhof", "")


def test_several_rows_of_a_class_are_one_statement_and_each_knows_its_number(
    people: Cast, now: datetime
) -> None:
    names = [f"Number {n}" for n in range(60)]
    new = [rows.new(Customer, organisation_id=people.webshop.id, name=name, created_at=now) for name in names]
    with writing():
        asked = statements_of(lambda: rows.write_all(new, by="name"))
        rows.write_all([], by="name")
    assert len([one for one in asked if one.startswith("INSERT")]) == 1
    found = db.session.scalars(select(Customer).where(Customer.id.in_([one.id for one in new])))
    assert {(one.id, one.name, one.language) for one in found} == {(one.id, one.name, "") for one in new}


def test_it_takes_columns_and_nothing_else(people: Cast, now: datetime) -> None:
    with pytest.raises(TypeError, match="Customer has no column 'identities'"):
        rows.new(Customer, organisation_id=people.webshop.id, identities=[], created_at=now)


def test_a_change_to_an_inserted_row_is_kept(people: Cast, now: datetime) -> None:
    with writing():
        made = rows.insert(Customer(organisation_id=people.webshop.id, created_at=now))
        made.name = "Nora"
    assert db.session.get_one(Customer, made.id).name == "Nora"


def test_what_was_changed_before_goes_first(people: Cast, now: datetime) -> None:
    """A row may name one that the unit of work has not written yet."""
    with writing():
        customer = Customer(organisation_id=people.webshop.id, name="Nora", created_at=now)
        db.session.add(customer)
        db.session.flush()
        customer.name = "Nora Nijhof"
        identity = rows.insert(
            Identity(organisation_id=people.webshop.id, customer_id=customer.id, kind="mail", value="n@example.com",
                     key="n@example.com", created_at=now)
        )  # fmt: skip
        named = rows.first(
            select(Customer.name).where(Customer.id == bindparam("id")), id=identity.customer_id
        )
    assert named is not None
    assert named.name == "Nora Nijhof"


def test_a_json_value_and_a_moment_come_back_as_they_were(people: Cast, now: datetime) -> None:
    with writing():
        id = rows.put(
            Event, organisation_id=people.webshop.id, at=now, actor="clock", verb="test", subject_type="customer",
            subject_id=1, detail={"due": ["today"]},
        )  # fmt: skip
    found = db.session.get_one(Event, id)
    assert (found.at, found.detail) == (now, {"due": ["today"]})


def test_a_rule_of_the_database_holds_and_nothing_is_left(people: Cast, now: datetime) -> None:
    def twice() -> None:
        with writing():
            customer_id = rows.put(Customer, organisation_id=people.webshop.id, created_at=now)
            for _attempt in range(2):
                rows.put(Identity, organisation_id=people.webshop.id, customer_id=customer_id, kind="mail",
                         value="n@example.com", key="n@example.com", created_at=now)  # fmt: skip

    before = db.session.scalar(select(func.count(Customer.id)))
    with pytest.raises(IntegrityError):
        twice()
    assert db.session.scalar(select(func.count(Customer.id))) == before


def test_the_second_of_two_rows_with_one_key_is_no_error(people: Cast, now: datetime) -> None:
    with writing():
        assert rows.put_once(Beat, name="tick", started_at=now)
        assert not rows.put_once(Beat, name="tick", started_at=now + timedelta(hours=1))
    assert db.session.get_one(Beat, "tick").started_at == now


def test_two_threads_that_write_one_key_at_once_write_one_row(app: Flask, now: datetime) -> None:
    new, ready = [], threading.Barrier(4)

    def work() -> None:
        with app.app_context():
            ready.wait(10)
            with writing():
                new.append(rows.put_once(Beat, name="tick", started_at=now))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(new) == [False, False, False, True]


def test_a_change_is_in_the_database_and_in_the_hand(people: Cast, now: datetime) -> None:
    rita = people.rita
    with writing():
        rita.language = "nl"
        rows.change(rita, name="Rita R.", erased_at=now)
        assert (rita.name, rita.erased_at, rita.language) == ("Rita R.", now, "nl")
        assert not db.session.dirty
    found = db.session.execute(select(Customer.name, Customer.erased_at, Customer.language)).one()
    assert tuple(found) == ("Rita R.", now, "nl")


@pytest.mark.parametrize("n", [0, 1, 5, 6, 11])
def test_rows_come_page_by_page_each_once(
    people: Cast, now: datetime, n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "PAGE", 5)
    with writing():
        made = [rows.put(Customer, organisation_id=people.webshop.id, created_at=now) for _ in range(n)]
    pages = list(rows.paged(select(Customer.id).where(Customer.id != people.rita.id), Customer.id))
    assert [row.id for page in pages for row in page] == made
    assert all(len(page) <= 5 for page in pages)


def test_a_number_that_the_database_gives_again_is_another_row(people: Cast, now: datetime) -> None:
    with writing():
        gone = rows.insert(Customer(organisation_id=people.webshop.id, name="Gone", created_at=now))
    with writing():
        db.session.execute(delete(Customer).where(Customer.id == gone.id))
        new = rows.insert(Customer(organisation_id=people.webshop.id, name="New", created_at=now))
        assert db.session.get_one(Customer, new.id) is new


def test_every_type_of_value_is_written_as_the_session_reads_it(people: Cast, now: datetime) -> None:
    """The bare driver gets it: moments, objects, words, nothing."""
    with writing():
        id = rows.put(
            Event, organisation_id=people.webshop.id, at=now, actor="é \u200f", verb="v", subject_type="s",
            subject_id=7, detail={"a": [1, None, "ø"], "b": {}},
        )  # fmt: skip
    found = db.session.get_one(Event, id)
    assert (found.at, found.actor, found.subject_id, found.detail) == (
        now, "é \u200f", 7, {"a": [1, None, "ø"], "b": {}},
    )  # fmt: skip


def test_what_is_stored_is_the_same_as_long_as_nobody_changes_it(people: Cast, now: datetime) -> None:
    of_a_beat = select(Beat.name, Beat.started_at).where(Beat.name == bindparam("name"))
    assert rows.stored(of_a_beat, name="x") is None
    with writing():
        rows.put_once(Beat, name="x", started_at=now)
    found = rows.stored(of_a_beat, name="x")
    assert found
    assert hash(found) == hash(rows.stored(of_a_beat, name="x"))
    assert rows.read(of_a_beat, found, "name") == rows.first(of_a_beat, name="x") == ("x", now)
    with writing():
        rows.run(update(Beat).values(started_at=bindparam("later")), later=now + timedelta(seconds=1))
    assert rows.stored(of_a_beat, name="x") != found


def test_a_naive_moment_is_refused_here_too(people: Cast, now: datetime) -> None:
    naive = now.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"), writing():
        rows.put(Customer, organisation_id=people.webshop.id, created_at=naive)


def test_what_the_database_refuses_is_the_same_error_as_everywhere(people: Cast, now: datetime) -> None:
    known = {
        "organisation_id": people.webshop.id,
        "customer_id": 1,
        "kind": "mail",
        "value": "a@b.nl",
        "key": "a@b.nl",
    }
    with writing():
        rows.put(Identity, **known, created_at=now)
    with pytest.raises(IntegrityError), writing():
        rows.put(Identity, **known, created_at=now)


def test_the_only_value_of_each_row_comes_as_a_plain_number(people: Cast) -> None:
    here = select(Membership.staff_id).where(Membership.organisation_id == bindparam("ours"))
    found = rows.ones(here.order_by(Membership.staff_id), ours=people.webshop.id)
    assert found == sorted(found)
    assert people.alice.id in found
    assert people.charlie.id not in found, "of the other organisation"
