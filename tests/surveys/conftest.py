"""Open surveys, and a customer whose browser speaks English."""

from datetime import datetime

import pytest
from flask import Flask

from core.db import writing
from surveys.builder.building import create_survey, open_survey
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.loop import opened_survey
from tests.surveys.answers import ALL_KINDS


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


@pytest.fixture
def long_survey(people: Cast, now: datetime) -> Survey:
    with writing():
        made = create_survey(
            people.webshop.id,
            "alles",
            {"nl": "Alles", "en": "Everything"},
            "nl",
            people.alice.id,
            ALL_KINDS,
            now,
        )
        open_survey(made, now)
        return made


@pytest.fixture
def alice(app: Flask, people: Cast) -> Colleague:
    """A manager."""
    return signed_in(app, people.alice)


@pytest.fixture
def bob(app: Flask, people: Cast) -> Colleague:
    """An agent."""
    return signed_in(app, people.bob)
