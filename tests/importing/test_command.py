"""`flask import responses`: what is put in, what is refused and where, and that nothing is there twice or in part."""

import fcntl
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db, writing
from core.models import Event
from core.settings import ROOT, Settings
from customers.models import Customer, Identity
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Promise
from surveys.builder.building import close_survey
from surveys.imports.models import Import as ImportRow
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.importing.conftest import Import
from tests.importing.files import HEADER, responses, rows, said
from tests.waiting import until
from triage.models import Comment


def test_each_row_is_an_answer_with_its_day_its_person_and_its_words(bring_in: Import) -> None:
    found = bring_in(f"{HEADER}\nA-1,2026-11-02T10:00:00Z,Rita R,RITA@example.com,2,De doos was stuk.\n")
    assert (found.exit_code, found.output.splitlines()[-1]) == (0, "responses=1")
    (response,) = responses()
    assert said(response) == {"csat": 2, "comment": "De doos was stuk."}
    assert (response.score, response.source, response.history) == (2, "import", True)
    assert response.submitted_at == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert response.customer
    assert response.customer.name == "Rita Ritsema", "known by her address"


@pytest.mark.both_databases
def test_history_is_counted_and_nobody_is_written_to(bring_in: Import, webshop: Scope) -> None:
    bring_in(rows(3))
    found = ledger(webshop)
    assert (found.responses, found.unreached, found.adds_up) == (3, 3, True)
    assert db.session.scalar(select(func.count(Promise.id))) == 0
    assert db.session.scalar(select(func.count(Comment.id))) == 0
    assert db.session.scalar(select(func.count(Message.id))) == 0


@pytest.mark.both_databases
def test_who_is_followed_up_is_owed_a_word_from_today_on(bring_in: Import, webshop: Scope) -> None:
    """However long ago it was given: a promise counts from the day we have it."""
    found = bring_in(f"{HEADER}\nA-1,2024-01-02T10:00:00Z,,x@example.com,2,Stuk.\n", "--follow-up")
    assert found.exit_code == 0
    promise = db.session.scalars(select(Promise)).one()
    assert promise.due_at > clock.now()
    assert db.session.scalars(select(Comment)).one().response_id == promise.response_id
    assert ledger(webshop).promised == 1


def test_it_must_be_said_whether_they_are_followed_up(bring_in: Import) -> None:
    found = bring_in(rows(1), "--dry-run")
    assert found.exit_code == 2
    assert "--follow-up" in found.output
    assert "--history" in found.output


@pytest.mark.both_databases
def test_the_same_file_twice_makes_nothing_twice(bring_in: Import) -> None:
    bring_in(rows(5))
    again = bring_in(rows(6))
    assert again.output.splitlines()[-1] == "responses=1"
    assert "5 there already" in again.output
    assert len(responses()) == 6


def test_without_a_number_a_row_is_known_by_what_it_says(bring_in: Import) -> None:
    """Two people who said the same on one day are two people, however often the file is taken in."""
    content = "Datum;csat\n02-11-2026;4\n02-11-2026;4\n03-11-2026;4\n"
    assert bring_in(content).output.endswith("responses=3\n")
    assert bring_in(content).output.endswith("responses=0\n")
    assert len(responses()) == 3


def test_a_number_that_stands_twice_in_a_file_is_one_answer(bring_in: Import) -> None:
    bring_in(f"{HEADER}\nA-1,2026-11-02,,,2,One\nA-1,2026-11-02,,,2,One\n")
    assert len(responses()) == 1


def test_a_row_that_cannot_be_read_is_named_by_its_line_and_the_others_go_in(bring_in: Import) -> None:
    content = f'{HEADER}\nA-1,2026-11-02,,,2,"Two\nlines"\nA-2,2026-11-02,,,9,Bad\nA-3,2026-11-02,,no address,1,Bad\nA-4,,,,1,When?\nA-5,2026-11-02,,,3,Good\n'
    found = bring_in(content)
    assert found.exit_code == 1, "a script must notice"
    assert "line 4: “csat” is a whole number from 1 to 5." in found.output
    assert "line 5: “no address” is not a mail address." in found.output
    assert "line 6: It does not say when it was given, and history needs that." in found.output
    assert [r.score for r in responses()] == [2, 3]


def test_of_many_rows_each_wrong_one_is_named(bring_in: Import) -> None:
    lines = rows(2_000).splitlines()
    for n in range(1, 61):
        lines[n * 30] = lines[n * 30].replace(",p", ",@p", 1)
    found = bring_in("\n".join(lines), "--history", "--dry-run")
    assert found.output.count("is not a mail address") == 60
    assert "2000 rows: 1940 new (1940 as history), 0 there already, 60 refused" in found.output


def test_a_dry_run_puts_in_nothing(bring_in: Import) -> None:
    found = bring_in(rows(3), "--follow-up", "--dry-run")
    assert (found.exit_code, responses()) == (0, [])
    assert "3 people will be written to" in found.output
    assert "Person 1" in found.output, "a preview"


def test_what_would_write_to_many_waits_for_a_manager(bring_in: Import, people: Cast) -> None:
    found = bring_in(rows(201), "--follow-up")
    assert (found.exit_code, responses()) == (0, [])
    assert "a manager looks first: /imports/" in found.output
    held = db.session.scalars(select(ImportRow)).one()
    assert (held.state, held.messages, held.usual) == ("waiting", 201, 0)
    to = db.session.scalars(select(Message.recipient)).all()
    assert to == ["alice@webshop.example"]


def test_the_history_of_the_house_says_who_put_in_how_many(bring_in: Import, people: Cast) -> None:
    bring_in(rows(2))
    event = db.session.scalars(select(Event).where(Event.verb == "import.finished")).one()
    assert (event.actor, event.detail) == ("command line", {"responses": 2, "way": "history"})


def test_a_survey_that_is_closed_takes_none(bring_in: Import, survey: Survey, now: datetime) -> None:
    with writing():
        close_survey(db.session.merge(survey), now)
    found = bring_in(rows(1))
    assert found.exit_code == 1
    assert "This survey closed on 23 November 2026." in found.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"PK\x03\x04rest", "This is a workbook, not a CSV file"),
        (b"csat,\x00\n", "This file holds no text"),
        (b"a,b\n1,2\n", "No column holds an answer. Name one of these in the first line: csat, comment."),
        (b"csat,csat\n1,2\n", "Two columns are called “csat”"),
        (b"csat,Email,E-mailadres\n1,,\n", "both say: Mail address"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_refused_with_a_sentence(bring_in: Import, content: bytes, sentence: str) -> None:  # fmt: skip
    found = bring_in(content)
    assert (found.exit_code, responses()) == (1, [])
    assert sentence in found.output


def test_people_and_addresses_are_known_from_then_on_as_claimed(bring_in: Import) -> None:
    bring_in(
        "csat,Naam,E-mailadres,Telefoon,Klantnummer,Datum\n4,Wim,wim@example.org,06 12345678,K-7,02-11-2026\n"
    )
    wim = db.session.scalars(select(Customer).where(Customer.name == "Wim")).one()
    assert [(i.kind, i.value, i.proved_at) for i in wim.identities] == [
        ("mail", "wim@example.org", None), ("phone", "06 12345678", None), ("number", "K-7", None),
    ]  # fmt: skip


def test_who_left_no_address_hears_on_a_page_of_their_own(bring_in: Import, people: Cast) -> None:
    bring_in("csat\n4\n", "--follow-up")
    (response,) = responses()
    assert (response.channel, response.customer_id) == ("page", None)


def test_who_asked_not_to_be_told_is_not(bring_in: Import, people: Cast) -> None:
    bring_in("csat,Email,Channel\n4,a@example.org,none\n", "--follow-up")
    assert responses()[0].declined_at
    assert db.session.scalar(select(func.count(Promise.id))) == 0


def is_taken(turn: Path) -> bool:
    """Whether somebody is writing, asked a few milliseconds later each time: longer than a small write takes."""
    sleep(0.002)
    with turn.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_killed_in_the_middle_it_leaves_nothing_and_can_be_run_again(app: Flask, survey: Survey, settings: Settings, tmp_path: Path) -> None:  # fmt: skip
    file = tmp_path / "answers.csv"
    file.write_text(rows(3_000))
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database,
        "SECRET_KEY": settings.secret_key,
        "DATA_DIR": str(tmp_path),
    }
    command = [
        sys.executable,
        "-m",
        "flask",
        "import",
        "responses",
        str(file),
        "--survey",
        "bestelling",
        "--history",
    ]
    db.session.remove()
    turn = Path(f"{settings.database.removeprefix('sqlite:///')}.lock")
    running = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until(lambda: all(is_taken(turn) for _ in range(100)), seconds=60)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert db.session.scalar(select(func.count(Response.id))) == 0
    assert db.session.scalar(select(func.count(Identity.id))) == 1, "Rita's"
    db.session.remove()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "responses=3000"
    assert db.session.scalar(select(func.count(Response.id))) == 3_000
