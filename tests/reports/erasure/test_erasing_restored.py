"""What is restored from before an erasure does not bring anybody back: the list of the erased lies outside the database."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from core import backup, schema, tombstones
from core.db import db, writing
from customers.models import Customer, Identity
from customers.models_erasure import Erasure
from reports.erasure.erasing import RESTORED, are_missing, erase
from reports.erasure.erasing_jobs import finish_erasures
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast, make_customer
from tests.reports.erased import answered, canaries, in_files

HOUR = timedelta(hours=1)


def canary() -> Customer:
    return db.session.scalars(select(Customer).where(Customer.name.contains("Canaryname"))).one()


def erased(now: datetime) -> None:
    with writing():
        erase(canary(), "They asked for it.", now)


def test_a_backup_from_before_is_erased_as_it_is_restored(
    people: Cast, survey: Survey, now: datetime, tmp_path: Path
) -> None:
    answered(survey, now)
    file = backup.save(tmp_path / "before.backup")
    erased(now + HOUR)
    finish_erasures(now + HOUR)
    kept = schema.restore(file)
    assert canaries() == set()
    assert in_files() == [file.name]
    assert kept.exists()
    assert db.session.scalars(select(Erasure.reason)).all() == [RESTORED]
    assert db.session.scalars(select(Customer.name).where(Customer.erased_at.is_(None))).all() == [
        "Rita Ritsema"
    ]
    assert not are_missing()


@pytest.mark.both_databases
def test_a_database_that_was_put_back_by_other_means_is_found_by_the_tick(
    people: Cast, survey: Survey, now: datetime
) -> None:
    answered(survey, now)
    gone = canary()
    stone = tombstones.Tombstone("k" * 32, gone.organisation_id, (now + HOUR).isoformat(), _marks(gone))
    tombstones.bury(stone.key, stone.organisation_id, stone.hashes, stone.moment)
    assert finish_erasures(now + HOUR) > 0
    assert canaries() == set()
    assert finish_erasures(now + HOUR) == 0


def _marks(customer: Customer) -> tuple[str, ...]:
    return tuple(tombstones.mark_of(i.organisation_id, i.kind, i.key) for i in customer.identities)


def test_one_address_is_enough_to_know_them(people: Cast, survey: Survey, now: datetime) -> None:
    """The backup is from before they gave the others."""
    answered(survey, now)
    erased(now)
    with writing():
        db.session.execute(delete(Erasure))
        make_customer(people.webshop, "Canaryname", "canarymail@example.com", now - HOUR)
    finish_erasures(now)
    assert canaries() == set()


def test_who_came_back_since_is_somebody_new_and_stays(people: Cast, survey: Survey, now: datetime) -> None:
    answered(survey, now)
    erased(now)
    with writing():
        db.session.execute(delete(Erasure))
    answered(survey, now + HOUR)
    assert finish_erasures(now + HOUR) > 0
    assert canary().erased_at is None


def test_the_same_address_in_another_organisation_is_somebody_else(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        elsewhere = make_customer(people.housing, "Rita", "canarymail@example.com", now)
    answered(survey, now)
    erased(now)
    with writing():
        db.session.execute(delete(Erasure))
    finish_erasures(now + HOUR)
    assert (elsewhere.name, len(elsewhere.identities)) == ("Rita", 1)


def test_the_list_holds_no_word_and_is_for_its_owner_alone(
    people: Cast, survey: Survey, now: datetime
) -> None:
    answered(survey, now)
    erased(now)
    file = tombstones.file()
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"canary" not in file.read_bytes().lower()
    (stone,) = tombstones.buried()
    assert (stone.moment, len(stone.hashes)) == (now, 3)
    assert stone.key == db.session.scalars(select(Erasure.key)).one()


@pytest.mark.parametrize("line", [b'{"key": "half', b"[]", b"1", b"\xff\xfe", b'{"key": 1}', b""])
def test_a_line_that_was_cut_off_hides_no_other(app: Flask, now: datetime, line: bytes) -> None:
    tombstones.file().write_bytes(line)
    tombstones.bury("a" * 32, 1, ["f" * 64], now)
    assert [stone.key for stone in tombstones.buried()] == ["a" * 32]
    assert json.loads(tombstones.file().read_bytes().splitlines()[-1])["hashes"] == ["f" * 64]


def test_a_list_of_people_this_copy_never_knew_is_looked_at_once(people: Cast, now: datetime) -> None:
    tombstones.bury("a" * 32, people.webshop.id, ["f" * 64], now)
    assert are_missing()
    finish_erasures(now)
    assert not are_missing()
    assert db.session.scalar(select(func.count(Identity.id))) == 1
    assert db.session.scalar(select(func.count(Response.id))) == 0
