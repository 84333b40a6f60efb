"""A survey of the webshop, a desk with Alice and Bob, and a way to type the command."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from core.db import db, writing
from promises.ledger import Scope
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.loop import opened_survey

Import = Callable[..., Result]


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


@pytest.fixture
def webshop(people: Cast) -> Scope:
    return Scope(people.webshop.id)


@pytest.fixture
def alice(app: Flask, people: Cast) -> Colleague:
    """A manager."""
    return signed_in(app, people.alice)


@pytest.fixture
def bob(app: Flask, people: Cast) -> Colleague:
    """An agent."""
    return signed_in(app, people.bob)


@pytest.fixture
def bring_in(app: Flask, survey: Survey, tmp_path: Path) -> Import:
    """Type `flask import responses` for a file with this content; history unless said."""

    def type_(content: str | bytes, *options: str) -> Result:
        file = tmp_path / "answers.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        db.session.rollback()
        words = ["import", "responses", str(file), "--survey", "bestelling", *(options or ("--history",))]
        found = app.test_cli_runner().invoke(args=words)
        db.session.rollback()
        return found

    return type_
