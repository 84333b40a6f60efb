"""The world of the route tests, made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import db
from tests.rules.world import World, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    made = make_world(tmp_path_factory.mktemp("world"), sqlite_template)
    yield made
    with made.app.app_context():
        db.engine.dispose()
