"""From SQLite to PostgreSQL and back: every row with its number and its state, or nothing at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.application import bare_app
from core.database.copying import HOLD, _later, _tables, copy_to
from core.db import Base, db, writing
from core.errors import DomainError
from core.settings import Settings
from customers.models import Customer
from outbox.models import STATES, MailHold, Message
from promises.ledger import Scope, ledger
from surveys.models_responses import Response
from tests import postgresql
from tests.cast import Cast
from tests.crowd import crowd
from tests.loop import decided, opened_survey
from tests.rules.matrix_rows import make_rows
from triage.models import Action

SECRET = "a secret that is long enough to be one"


@contextmanager
def within(url: str, folder: Path) -> Iterator[None]:
    """An application over that database, which lets go of it in the end."""
    with bare_app(Settings(database_url=url, secret_key=SECRET, data_dir=folder)).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def silent(_name: str, _rows: int) -> None:
    """Who copies is not watched here."""


@pytest.fixture
def other(postgresql_folder: str) -> Iterator[str]:
    postgresql.command(postgresql_folder, "CREATE DATABASE other")
    yield postgresql.url(postgresql_folder, "other")
    postgresql.command(postgresql_folder, "DROP DATABASE other WITH (FORCE)")


@pytest.fixture
def full(people: Cast, now: datetime) -> Cast:
    """Something of everything, and a message in each state there is."""
    with writing():
        make_rows(people)
        made = db.session.scalars(select(Message)).first()
        for place, state in enumerate(STATES):
            db.session.add(_like(made, f"{place:032}", state, now))
    return people


def _like(made: Any, key: str, state: str, now: datetime) -> Message:
    same = {c.name: getattr(made, c.name) for c in Message.__table__.columns if c.name != "id"}
    owner = {"owner": "a sender", "fence": 3} if state in {"claimed", "transmitting"} else {"owner": None}
    return Message(**{**same, "key": key, "state": state, "sent_at": now, **owner})


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for the hold of a copy."""
    db.session.rollback()
    found = {
        t.name: sorted(map(repr, db.session.execute(select(t))))
        for t in Base.metadata.sorted_tables
        if t.name != HOLD
    }
    db.session.rollback()
    return found  # type: ignore[return-value]


def test_every_row_arrives_as_it_was_and_comes_back(
    app: Flask, full: Cast, other: str, tmp_path: Path
) -> None:
    before, there = rows(), Scope(full.webshop.id)
    counted = ledger(there)
    copy_to(other, silent)
    with within(other, tmp_path):
        assert rows() == before
        assert ledger(there) == counted
        assert sorted(db.session.scalars(select(Message.state).where(Message.key.like("0000%")))) == sorted(
            STATES
        )
        assert db.session.scalars(select(MailHold)).one().released_at is None
        back = f"sqlite:///{tmp_path / 'back.db'}"
        copy_to(back, silent)
    with within(back, tmp_path):
        assert rows() == before


def test_the_copy_counts_on_where_the_numbers_ended(
    app: Flask, full: Cast, other: str, tmp_path: Path, now: datetime
) -> None:
    shop = full.webshop.id
    highest = db.session.scalar(select(func.max(Customer.id))) or 0
    copy_to(other, silent)
    with within(other, tmp_path):
        with writing():
            db.session.add(Customer(organisation_id=shop, name="New", created_at=now))
        assert db.session.scalar(select(func.max(Customer.id))) == highest + 1


def test_rows_that_name_a_later_one_of_their_table_arrive(
    app: Flask, people: Cast, now: datetime, tmp_path: Path
) -> None:
    with writing():
        first, second = decided(people, now), decided(people, now)
        first.corrects_id = second.id
        wrong, right = first.id, second.id
        crowd(opened_survey(people, now), 1200, now)
    copied = copy_to(f"sqlite:///{tmp_path / 'other.db'}", silent)
    assert copied["response"] == 1200
    with within(f"sqlite:///{tmp_path / 'other.db'}", tmp_path):
        assert db.session.get_one(Action, wrong).corrects_id == right
        assert db.session.scalar(select(func.count(Response.id))) == 1200


def test_a_database_with_rows_is_left_alone(app: Flask, people: Cast, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    copy_to(url, silent)
    with pytest.raises(DomainError, match="holds rows already"):
        copy_to(url, silent)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "no address of a database"),
        ("oracle://here/it", "no address of a database"),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot be used"),
        ("sqlite:////no/such/folder/x.db", "cannot be used"),
    ],
)
def test_what_is_no_database_is_a_sentence(app: Flask, people: Cast, url: str, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        copy_to(url, silent)


def test_into_itself_is_refused(app: Flask, people: Cast, settings: Settings) -> None:
    with pytest.raises(DomainError, match="the database itself"):
        copy_to(settings.database, silent)
    assert app.test_cli_runner().invoke(args=["database", "copy", "--to", settings.database]).exit_code == 1


def test_the_command_says_how_many_rows_of_what_and_that_mail_waits(
    app: Flask, people: Cast, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    db.session.rollback()
    found = app.test_cli_runner().invoke(args=["database", "copy", "--to", url])
    lines = found.output.splitlines()
    assert found.exit_code == 0
    assert "organisation: 2" in lines
    assert "staff: 3" in lines
    assert lines[-2].startswith("Copied and counted: ")
    assert lines[-1] == "Mail is on hold there until a manager releases it under /mailbox."


def test_every_table_is_copied_and_each_after_those_it_names(app: Flask) -> None:
    """But for the columns that are put in afterwards, which may be empty until then."""
    order = {table.name: place for place, table in enumerate(_tables())}
    assert set(order) == set(Base.metadata.tables)
    for table in _tables():
        later = _later(table)
        assert all(column.nullable for column in later), table.name
        for key in table.foreign_keys:
            assert key.parent in later or order[key.column.table.name] < order[table.name]
