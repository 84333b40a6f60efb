"""The commands: each prints what other programs rely on, and a failure is one sentence."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select, text

from core.db import db, writing
from core.models import Beat, Organisation
from outbox.models import MailHold, Message
from promises.models import Promise, Update
from scheduler import TICKS
from tests.cast import Cast
from tests.loop import answered, opened_survey

MAIL = b"From: rita@example.com\r\nTo: terugkoppel@localhost\r\nSubject: Hello\r\nMessage-ID: <1@example.com>\r\n\r\nGood day.\r\n"


@pytest.fixture
def flask(app: Flask) -> Callable[..., Result]:
    """Type a command."""

    def type_(*words: str, **options: object) -> Result:
        db.session.rollback()
        found = app.test_cli_runner().invoke(args=list(words), **options)
        db.session.rollback()
        return found

    return type_


def test_an_organisation_begins_with_a_person_and_a_one_time_link(flask: Callable[..., Result]) -> None:
    found = flask(
        "organisation",
        "create",
        "bakery",
        "--name",
        "The Bakery",
        "--manager",
        "Ann Ames <ann@bakery.example>",
    )
    assert (found.exit_code, found.output.startswith("http://")) == (0, True)
    assert db.session.scalars(select(Organisation.slug)).all() == ["bakery"]


def test_a_key_is_the_last_word_and_opens_the_interface(
    app: Flask, people: Cast, flask: Callable[..., Result]
) -> None:
    found = flask("api-key", "create", "--organisation", "webshop", "--role", "viewer")
    key = found.output.split()[-1]
    assert app.test_client().get("/api/v1/surveys", headers={"x-api-key": key}).status_code == 200


def test_a_colleague_is_invited_with_a_link(people: Cast, flask: Callable[..., Result]) -> None:
    found = flask(
        "staff", "invite", "--organisation", "webshop", "--role", "agent", "Carl Cook <carl@webshop.example>"
    )
    assert (found.exit_code, found.output.startswith("http://")) == (0, True)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (
            ("api-key", "create", "--organisation", "nowhere", "--role", "viewer"),
            "There is no organisation called nowhere.",
        ),
        (("staff", "invite", "--organisation", "webshop", "--role", "agent", "nobody"), "mail address"),
        (("organisation", "create", "webshop", "--name", "X", "--manager", "A <a@b.example>"), "webshop"),
        (
            (
                "report",
                "render",
                "--survey",
                "nothing",
                "--from",
                "2026-11-01",
                "--to",
                "2026-11-30",
                "--out",
                "x.pdf",
            ),
            "nothing",
        ),
        (("restore", "nothing.backup"), "There is no file nothing.backup."),
    ],
)
def test_a_refusal_is_one_sentence(
    people: Cast, flask: Callable[..., Result], words: tuple[str, ...], part: str
) -> None:
    found = flask(*words)
    (line,) = found.output.splitlines()
    assert found.exit_code == 1
    assert line.startswith("Error: ")
    assert part in line


def test_the_surveys_are_one_slug_a_line_the_oldest_first(
    people: Cast, now: datetime, flask: Callable[..., Result]
) -> None:
    with writing():
        for slug in ("order", "return", "advice"):
            opened_survey(people, now, slug)
    assert flask("survey", "list").output.splitlines() == ["order", "return", "advice"]


def test_a_tick_does_everything_once_as_if_it_were_then(
    people: Cast, now: datetime, flask: Callable[..., Result]
) -> None:
    with writing():
        answered(opened_survey(people, now), now)
    found = flask("tick", "--now", "2026-11-23T10:00:00+00:00")
    assert [line.partition(":")[0] for line in found.output.splitlines()] == [tick.name for tick in TICKS]
    assert "receipts: 1" in found.output
    assert {beat.started_at.isoformat() for beat in db.session.scalars(select(Beat))} == {
        "2026-11-23T10:00:00+00:00"
    }
    assert "receipts: 0" in flask("tick", "--now", "2026-11-23T10:00:00").output


def test_a_moment_that_is_none_is_refused(flask: Callable[..., Result]) -> None:
    assert flask("tick", "--now", "soon").exit_code == 2


def test_the_ledger_ends_with_its_sum(people: Cast, now: datetime, flask: Callable[..., Result]) -> None:
    assert flask("ledger", "verify").output.splitlines()[-1] == "responses=0 told=0 promised=0 unreachable=0"
    with writing():
        survey = opened_survey(people, now)
        answered(survey, now)
        answered(survey, now, wants="none")
    found = flask("ledger", "verify")
    assert (found.exit_code, found.output.splitlines()[-1]) == (
        0,
        "responses=2 told=0 promised=1 unreachable=1",
    )


def test_the_ledger_says_what_is_missing(people: Cast, now: datetime, flask: Callable[..., Result]) -> None:
    with writing():
        answered(opened_survey(people, now), now)
    flask("tick", "--now", "2026-11-23T10:00:00")
    with writing():
        db.session.execute(delete(Message))
    found = flask("ledger", "verify")
    assert found.exit_code == 1
    assert "messages_gone=1" in found.output
    with writing():
        db.session.execute(delete(Update))
        db.session.execute(delete(Promise))
    assert "missing=1" in flask("ledger", "verify").output


def test_a_message_that_comes_in_is_one_line_of_json(
    people: Cast, flask: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "mail").write_bytes(MAIL)
    from_file, from_input = (
        flask("mail", "receive", str(tmp_path / "mail")),
        flask("mail", "receive", "-", input=MAIL),
    )
    assert from_file.output == from_input.output
    said = json.loads(from_file.output)
    assert said | {"kind": "other", "matched": False, "message_id": None} == said
    assert set(said) == {"kind", "matched", "recipients", "permanent", "message_id", "text"}


def test_a_backup_is_saved_and_put_back(people: Cast, flask: Callable[..., Result], tmp_path: Path) -> None:
    file = str(tmp_path / "a.backup")
    assert flask("backup", file).output == f"Saved and verified: {file}\n"
    assert "There is a file" in flask("backup", file).output
    found = flask("restore", file)
    assert (found.exit_code, found.output.splitlines()[-1]) == (
        0,
        "Mail is on hold until a manager releases it under /mailbox.",
    )
    assert db.session.scalars(select(MailHold.released_at)).all() == [None]


def test_a_database_of_another_version_is_refused_by_every_command(
    people: Cast, flask: Callable[..., Result], tmp_path: Path
) -> None:
    with writing():
        db.session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    for words in (
        ("tick",),
        ("survey", "list"),
        ("ledger", "verify"),
        ("backup", str(tmp_path / "a")),
        ("db", "upgrade"),
    ):
        found = flask(*words)
        assert (found.exit_code, found.output.splitlines()) == (
            1, ["Error: This database is newer than the code. Install the newer version again; nothing goes back."]
        ), words  # fmt: skip


def test_an_upgrade_of_what_is_new_changes_nothing(flask: Callable[..., Result]) -> None:
    assert flask("db", "upgrade").output == "The database is up to date.\n"
