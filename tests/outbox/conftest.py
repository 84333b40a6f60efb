"""The outbox works without pages: its tests use the application of the clock."""

from collections.abc import Iterator

import pytest
from flask import Flask

from core.application import bare_app
from core.settings import Settings
from tests.applications import lent


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Rows and words, no pages."""
    with lent(bare_app, settings) as app:
        yield app
