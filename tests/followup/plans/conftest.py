"""A plan."""

from datetime import datetime

import pytest

from core.db import writing
from tests.cast import Cast
from tests.loop import decided
from triage.models import Action


@pytest.fixture
def plan(people: Cast, now: datetime) -> Action:
    """Bob's, for Monday 30 November, a week later."""
    with writing():
        return decided(people, now, "planned")
