"""Words are read on the day on which the corpora were written."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="session")
def reader() -> Flask:
    """Enough of an application for sentences in English; no database."""
    app = Flask(__name__)
    Babel(app)
    return app


@pytest.fixture
def reading(reader: Flask) -> Iterator[None]:
    with reader.app_context():
        yield
