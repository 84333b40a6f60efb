"""Colleagues at their desks, and a respondent who was told."""

from datetime import datetime

import pytest

from core.db import writing
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.desk import action, alice, bob, charlie, monday, survey, vera
from tests.followup.respondent import told
from tests.loop import answered

__all__ = ["action", "alice", "bob", "charlie", "monday", "survey", "vera"]


@pytest.fixture
def rita(people: Cast, survey: Survey, now: datetime) -> Response:
    """She was told, and it arrived."""
    with writing():
        response = answered(survey, now)
    told(people, response, now)
    return response
