"""These tests read sentences, so they read them in English."""

import pytest
from flask import g

from tests.desk import alice, bob, charlie, monday

__all__ = ["alice", "bob", "charlie", "monday"]


@pytest.fixture(autouse=True)
def english(request: pytest.FixtureRequest) -> None:
    if "app" in request.fixturenames:
        request.getfixturevalue("app")
        g.language = "en"
