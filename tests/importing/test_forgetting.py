"""Who is erased is in no file that waits here, however it was written, and does not come back with it."""

from datetime import datetime

import pytest

from core.db import db, writing
from followup.imports import importing
from followup.imports.jobs import do_imports
from promises.ledger import Scope
from reports.erasure.erasing import erase
from surveys.imports.files import forget_whoever_is_in
from surveys.imports.models import Import, ImportFile
from surveys.models import Survey
from tests.cast import Cast
from tests.importing.files import responses

FILE = "csat,Naam,Email\n4,Rîta,RITA@example.com\n5,Wim,wim@example.org\n"


def kept(survey: Survey, content: bytes, now: datetime) -> Import:
    found = importing.read(db.session.merge(survey), content, now)
    with writing():
        held = importing.begin(db.session.merge(survey), found, "answers.csv", content, None, now)
        importing.choose(held, "follow_up", held.chosen, now)
        return held


def state_of(held: Import) -> tuple[str, bytes]:
    db.session.rollback()
    return db.session.get_one(Import, held.id).state, db.session.get_one(ImportFile, held.id).content


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_that_names_them_is_emptied_and_not_put_in(
    survey: Survey, people: Cast, now: datetime, encoding: str
) -> None:
    held = kept(survey, FILE.encode(encoding), now)
    with writing():
        erase(people.rita, "They asked for it", now)
    assert state_of(held) == ("cancelled", b"")
    do_imports(now)
    assert responses() == []


def test_what_was_refused_of_it_goes_too(survey: Survey, people: Cast, now: datetime) -> None:
    held = kept(survey, FILE.replace("4", "9").encode(), now)
    do_imports(now)
    assert b"RITA" in db.session.get_one(ImportFile, held.id).refused
    with writing():
        forget_whoever_is_in(people.webshop.id, ["rita@example.com"], now)
    db.session.rollback()
    assert db.session.get_one(ImportFile, held.id).refused == b""


def test_a_file_of_others_stays(survey: Survey, people: Cast, now: datetime) -> None:
    held = kept(survey, b"csat,Email\n5,wim@example.org\n", now)
    with writing():
        erase(people.rita, "They asked for it", now)
        forget_whoever_is_in(people.housing.id, ["wim@example.org"], now)
    assert state_of(held)[0] == "checking"
    do_imports(now)
    assert state_of(held)[0] == "checked"


def test_who_is_in_already_stays_in_with_the_file_gone(survey: Survey, webshop: Scope, now: datetime) -> None:
    held = kept(survey, b"csat,Email\n5,wim@example.org\n", now)
    do_imports(now)
    with writing():
        importing.want(db.session.get_one(Import, held.id), None, now)
    do_imports(now)
    with writing():
        forget_whoever_is_in(webshop.organisation_id, ["wim@example.org"], now)
    assert state_of(held) == ("in", b"")
    assert len(responses()) == 1
