"""Several processes send the same one-use forms at once: each form makes one answer, and every sender sees that one."""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import func, select

from core import clock, form_tokens
from core.db import db, writing
from core.settings import ROOT, settings
from promises.models import Promise
from surveys.asking import TOKEN, purpose
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import opened_survey
from triage.models import Comment

PROCESSES, FORMS, FEWER = 4, 50, 15
Seen = dict[str, set[tuple[int, str]]]


@pytest.fixture
def survey(people: Cast) -> Survey:
    with writing():
        return opened_survey(people, clock.now())


@pytest.mark.security("one answer")
@pytest.mark.both_databases
def test_fifty_forms_sent_by_four_processes_make_fifty_answers(
    app: Flask, survey: Survey, tmp_path: Path
) -> None:
    once_each(race(forms(survey), tmp_path))


@pytest.mark.security("one answer")
def test_also_without_the_unique_index(app: Flask, survey: Survey, tmp_path: Path) -> None:
    """Defence in depth: one writer at a time is enough by itself."""
    sent = forms(survey)[:FEWER]
    with writing():
        operations = Operations(MigrationContext.configure(db.session.connection()))
        with operations.batch_alter_table("response") as table:
            table.drop_constraint("uq_response_survey_id_nonce")
    once_each(race(sent, tmp_path), FEWER)


def forms(survey: Survey) -> list[dict[str, str]]:
    """As fifty browsers were given them, for two people, so that they race for one customer too."""
    what = purpose(survey)
    return [_form(form_tokens.issue(what), n) for n in range(FORMS)]


def _form(token: str, n: int) -> dict[str, str]:
    words = {
        "csat": "2",
        "comment": f"Number {n}",
        "contact-wants": "mail",
        "contact-email": f"r{n % 2}@example.com",
    }
    return {TOKEN: token, "token": token, **words}


def race(forms: list[dict[str, str]], folder: Path) -> Seen:
    """token → what the processes were answered"""
    db.session.rollback()
    command = [
        sys.executable,
        "-m",
        "tests.core.racer",
        settings().database_url,
        settings().secret_key,
        str(folder),
        str(PROCESSES),
    ]
    subprocess.run(command, cwd=ROOT, input=json.dumps(forms), text=True, check=True, timeout=120)
    seen: Seen = defaultdict(set)
    for n in range(PROCESSES):
        for token, status, location in json.loads((folder / f"{n}.json").read_text()):
            seen[token].add((status, location))
    return seen


def once_each(seen: Seen, forms: int = FORMS) -> None:
    """All were led to the same page, and every answer has its promise and its comment."""
    assert len(seen) == forms
    assert {len(answers) for answers in seen.values()} == {1}
    assert {status for answers in seen.values() for status, _ in answers} == {303}
    counts = [
        db.session.scalar(select(func.count()).select_from(row)) for row in (Response, Promise, Comment)
    ]
    assert counts == [forms] * 3
