"""All answers as a file: one row each with everything, which our own import reads again."""

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, writing
from core.spreadsheets.csv_files import FORMULA
from followup.composing import compose_due
from followup.exports import exporting_answers
from followup.receipts import compose_receipts
from outbox.models import Message
from surveys.answering import Submission, submit
from surveys.builder.building import create_survey, open_survey
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from tests.browser import Colleague
from tests.cast import Cast, added
from tests.hostile import WORDS
from tests.importing.conftest import Import
from tests.importing.files import responses
from tests.loop import answered, decided, settled
from tests.surveys.answers import ALL_KINDS
from triage.commenting import comments_of
from triage.themes.theming import named


def exported(app: Flask, slug: str = "bestelling") -> bytes:
    db.session.rollback()
    found = app.test_cli_runner().invoke(args=["export", "responses", "--survey", slug])
    assert found.exit_code == 0, found.output
    return found.stdout_bytes


def read(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_columns_are_those_that_programs_rely_on(app: Flask, survey: Survey, now: datetime) -> None:
    with writing():
        answered(db.session.merge(survey), now)
    (row,) = read(exported(app))
    assert list(row) == [
        "Response ID", "Submitted at", "Survey", "Channel", "Language", "Customer", "Email", "Score", "csat", "comment",
        "Themes", "Emotion", "Actions", "Promise due", "Told at", "Confirmed",
    ]  # fmt: skip
    assert (row["Submitted at"], row["Survey"], row["Channel"]) == (
        "2026-11-23T09:30:00Z",
        "bestelling",
        "mail",
    )
    assert (row["Customer"], row["Email"], row["Score"]) == ("Rita Ritsema", "rita@example.com", "2")
    assert (row["csat"], row["comment"]) == ("2", "The box was torn.")
    assert row["Promise due"].startswith("2026-11-30T22:59:59")
    assert (row["Told at"], row["Confirmed"]) == ("", "")


def test_what_was_done_and_told_stands_beside_the_answer(
    app: Flask, survey: Survey, people: Cast, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    with writing():
        response = answered(db.session.merge(survey), now)
        comments_of(response)[0].emotion = "frustrated"
        settled(response, decided(people, now), now)
    compose_receipts(now)
    compose_due(later)
    with writing():
        for message in db.session.scalars(select(Message)):
            message.state, message.sent_at = "sent", later
    (row,) = read(exported(app))
    assert (row["Emotion"], row["Actions"]) == ("frustrated", "Stronger boxes")
    assert (row["Promise due"], row["Told at"]) == ("", "2026-11-23T10:30:00Z")


def test_who_asked_not_to_be_told_is_marked_so(app: Flask, survey: Survey, now: datetime) -> None:
    with writing():
        answered(db.session.merge(survey), now, wants="none")
    assert read(exported(app))[0]["Channel"] == "none"


def test_no_cell_is_a_formula(app: Flask, survey: Survey, now: datetime) -> None:
    with writing():
        held = db.session.merge(survey)
        for words in WORDS:
            answered(held, now, words)
    for row in read(exported(app)):
        assert not any(cell.startswith(FORMULA) for cell in row.values())


def test_page_after_page_everybody_is_there_once(
    app: Flask, survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting_answers, "BATCH", 3)
    with writing():
        held = db.session.merge(survey)
        ids = [answered(held, now, f"Number {n}").id for n in range(7)]
    assert [int(row["Response ID"]) for row in read(exported(app))] == ids


def test_a_test_is_no_answer(app: Flask, survey: Survey, now: datetime) -> None:
    with writing():
        answered(db.session.merge(survey), now).is_test = True
    assert read(exported(app)) == []


def test_our_own_file_is_recognised_where_it_came_from(
    app: Flask, survey: Survey, now: datetime, bring_in: Import
) -> None:
    with writing():
        held = db.session.merge(survey)
        for n in range(3):
            answered(held, now + timedelta(microseconds=n), f"Number {n}")
    found = bring_in(exported(app))
    assert found.output.endswith("responses=0\n")
    assert "3 there already" in found.output
    assert len(responses()) == 3


@pytest.fixture
def both(people: Cast, now: datetime) -> tuple[Survey, Survey]:
    """The same questions of every kind, twice."""

    def made(slug: str) -> Survey:
        survey = create_survey(
            people.webshop.id,
            slug,
            {"nl": "Alles"},
            "nl",
            people.alice.id,
            ALL_KINDS,
            now - timedelta(days=9),
        )
        open_survey(survey, now - timedelta(days=9))
        return survey

    with writing():
        return made("here"), made("there")


def values(survey_slug: str) -> list[tuple[object, ...]]:
    """What each answer says, but for its number."""
    found = db.session.scalars(
        select(Response).join(Survey).where(Survey.slug == survey_slug).order_by(Response.id)
    )
    return [
        (r.submitted_at, r.score, r.language, r.channel, r.customer_id, [(a.question.key, a.number, a.text) for a in r.answers])
        for r in found
    ]  # fmt: skip


@pytest.mark.both_databases
def test_a_file_that_was_written_here_says_the_same_when_it_is_read_elsewhere(app: Flask, both: tuple[Survey, Survey], now: datetime, tmp_path: Path) -> None:  # fmt: skip
    answers: list[dict[str, tuple[float | None, str | None]]] = [
        {"csat": (1.0, None), "nps": (10.0, None), "feel": (None, "angry"), "kept": (None, "no"), "about": (None, "2"), "order": (None, "=A1"), "comment": (None, ' "Two",\n lines; ')},
        {"csat": (5.0, None), "comment": (None, "-")},
        {"csat": (3.0, None)},
    ]  # fmt: skip
    with writing():
        here = db.session.merge(both[0])
        for n, each in enumerate(answers):
            submit(here, Submission(each, "en", f"n{n}", submitted_at=now - timedelta(days=n + 1)), now)
    file = tmp_path / "here.csv"
    file.write_bytes(exported(app, "here"))
    db.session.rollback()
    found = app.test_cli_runner().invoke(
        args=["import", "responses", str(file), "--survey", "there", "--history"]
    )
    assert found.exit_code == 0, found.output
    db.session.rollback()
    assert values("there") == values("here")


def test_a_manager_takes_the_file_from_the_page_of_the_survey(alice: Colleague, bob: Colleague, survey: Survey, now: datetime) -> None:  # fmt: skip
    with writing():
        answered(db.session.merge(survey), now)
    assert f"/surveys/{survey.id}/responses.csv" in alice.get(f"/surveys/{survey.id}").text
    file = alice.get(f"/surveys/{survey.id}/responses.csv")
    assert (file.mimetype, len(read(file.data))) == ("text/csv", 1)
    assert bob.get(f"/surveys/{survey.id}/responses.csv").status_code == 403


def test_a_theme_is_named_by_its_key(app: Flask, survey: Survey, people: Cast, now: datetime) -> None:
    with writing():
        response = answered(db.session.merge(survey), now)
        theme = named(people.webshop.id, "Packing", "en", now)
        comment = comments_of(response)[0]
        comment.themes.append(theme)
    assert read(exported(app))[0]["Themes"] == "packing"


def test_a_correction_counts_instead_of_what_was_said_first(
    app: Flask, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(db.session.merge(survey), now, "First words.")
        comment = next(a for a in response.answers if a.question.key == "comment")
        added(
            Answer(response_id=response.id, question_id=comment.question_id, version=2, text="Better words.")
        )
    assert read(exported(app))[0]["comment"] == "Better words."


def test_it_can_be_written_to_a_file_and_a_survey_that_is_not_there_is_said(
    app: Flask, survey: Survey, now: datetime, tmp_path: Path
) -> None:
    with writing():
        answered(db.session.merge(survey), now)
    file = tmp_path / "orders.csv"
    runner = app.test_cli_runner()
    db.session.rollback()
    assert (
        runner.invoke(args=["export", "responses", "--survey", "bestelling", "--out", str(file)]).exit_code
        == 0
    )
    assert len(read(file.read_bytes())) == 1
    nowhere = runner.invoke(args=["export", "responses", "--survey", "nowhere"])
    assert nowhere.exit_code == 1
    assert "There is no survey at this address." in nowhere.output
