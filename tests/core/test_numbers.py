"""Any number of numbers is one value of one statement, on both databases."""

import pytest
from flask import Flask
from sqlalchemy import not_, select
from sqlalchemy.dialects import sqlite

from core import rows
from core.db import db
from core.models import Organisation
from core.rows import among, some, these
from tests.cast import Cast

both = pytest.mark.both_databases
NAMES = select(Organisation.name).where(among(Organisation.id, these())).order_by(Organisation.id)


@both
def test_those_are_found_whose_numbers_are_given(people: Cast) -> None:
    first, second = people.webshop, people.housing
    assert [o.name for o in some(NAMES, ids=[second.id, first.id, 2**40])] == [first.name, second.name]
    assert [o.name for o in some(NAMES, ids=[second.id])] == [second.name]


@both
@pytest.mark.parametrize("ids", [[], [0], [-1], [2**62]])
def test_nothing_is_found_by_numbers_of_nothing(people: Cast, ids: list[int]) -> None:
    assert some(NAMES, ids=ids) == []


@both
def test_thousands_are_given_as_one(people: Cast) -> None:
    named = select(Organisation.name).where(among(Organisation.id, range(1, 100_000)))
    assert len(db.session.scalars(named).all()) >= 2


@both
def test_all_but_those_are_found_too(people: Cast) -> None:
    others = select(Organisation.name).where(not_(among(Organisation.id, [people.webshop.id])))
    assert people.webshop.name not in db.session.scalars(others).all()
    assert people.housing.name in db.session.scalars(others).all()


@both
def test_the_statement_is_the_same_however_many_they_are(people: Cast) -> None:
    bare = rows._bare(NAMES, db.engine.dialect, ("ids",))
    assert bare.fits
    assert (len(bare.bound({"ids": [1]})), len(bare.bound({"ids": [1] * 500}))) == (1, 1)


def test_sqlite_looks_for_each_where_an_index_has_it(app: Flask) -> None:
    sql = str(NAMES.compile(dialect=sqlite.dialect()))
    with db.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("[1]",)).all()
    assert not [step for _id, _parent, _unused, step in plan if step.startswith("SCAN organisation")]
