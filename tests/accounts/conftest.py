"""These tests read sentences, so they read them in English."""

import pytest
from flask import g


@pytest.fixture(autouse=True)
def english(request: pytest.FixtureRequest) -> None:
    if "app" in request.fixturenames:
        request.getfixturevalue("app")
        g.language = "en"
