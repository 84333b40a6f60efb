"""The ledger as a file: one line a respondent, down to the words of the server."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db, writing
from followup.ledger import exporting
from outbox.models import Message
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.desk import scored
from tests.followup.ledger.test_staff_ledger import each

__all__ = ["each"]


def read(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "a spreadsheet knows its UTF-8 by the BOM"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_answer_has_its_line(bob: Colleague, each: Response, now: datetime) -> None:
    lines = read(bob.get("/ledger.csv").data)
    assert [(x["State"], x["How"], x["Reason"]) for x in lines] == [
        ("told", "done", ""),
        ("told", "done", ""),
        ("promised", "", ""),
        ("unreachable", "", "declined"),
    ]
    assert [x["Channel"] for x in lines[:2]] == ["mail", "page"]
    assert {x["Survey"] for x in lines} == {"bestelling"}
    assert {x["Round"] for x in lines} == {"2026-11"}


def test_a_line_goes_down_to_the_words_of_the_server(bob: Colleague, each: Response, now: datetime) -> None:
    with writing():
        message = db.session.scalars(select(Message).where(Message.kind == "update")).first()
        assert message
        message.server_reply = "250 kept as 7"
    line = read(bob.get("/ledger.csv").data)[0]
    assert line["Response ID"] == str(each.id)
    assert line["Message ID"].startswith(f"<{message.key}@")
    assert line["Server reply"] == "250 kept as 7"
    assert line["Told at"] == line["Submitted at"] == "2026-11-23T09:30:00Z"
    assert line["Promise due"]


def test_no_cell_is_a_formula(bob: Colleague, each: Response) -> None:
    with writing():
        for message in db.session.scalars(select(Message)):
            message.server_reply = "=cmd|'/c calc'!A1"
    assert read(bob.get("/ledger.csv").data)[0]["Server reply"] == "'=cmd|'/c calc'!A1"


def test_it_is_read_a_page_at_a_time_and_loses_nobody(
    bob: Colleague, survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "BATCH", 2)
    ids = [scored(survey, now, email=f"{n}@example.com").id for n in range(5)]
    assert [int(x["Response ID"]) for x in read(bob.get("/ledger.csv").data)] == ids


def test_it_is_of_the_survey_that_was_asked_for(
    bob: Colleague, charlie: Colleague, each: Response, app: Flask
) -> None:
    answer = bob.get("/ledger.csv?survey=bestelling")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ledger-bestelling.csv"'
    assert read(charlie.get("/ledger.csv?survey=bestelling").data) == [], "another organisation's"


def test_nobody_yet_is_a_header_alone(bob: Colleague, survey: Survey) -> None:
    assert bob.get("/ledger.csv").data.decode("utf-8-sig") == ",".join(exporting.HEADER) + "\r\n"


def test_a_stranger_gets_nothing(client: FlaskClient, each: Response) -> None:
    assert client.get("/ledger.csv").status_code in {302, 303, 401}


def test_a_lost_message_stands_in_its_line(
    bob: Colleague, survey: Survey, each: Response, now: datetime
) -> None:
    with writing():
        db.session.delete(db.session.scalars(select(Message).where(Message.kind == "update")).first())
    line = read(bob.get("/ledger.csv").data)[0]
    assert (line["State"], line["Reason"], line["Server reply"]) == ("missing", "message", "")
    assert line["Message ID"], "its key is what is left"


def test_the_command_writes_the_same(app: Flask, bob: Colleague, each: Response, tmp_path: Path) -> None:
    file, runner = tmp_path / "ledger.csv", app.test_cli_runner()
    to_file = runner.invoke(args=["export", "ledger", "--survey", "bestelling", "--out", str(file)])
    printed = runner.invoke(args=["export", "ledger", "--survey", "bestelling"])
    assert (to_file.exit_code, printed.exit_code) == (0, 0), printed.output
    assert file.read_bytes() == printed.stdout_bytes == bob.get("/ledger.csv?survey=bestelling").data


def test_the_command_says_when_there_is_no_such_survey(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["export", "ledger", "--survey", "nobody"])
    assert answer.exit_code == 1
    assert "There is no survey at this address." in answer.output
