"""Colleagues at their desks, and a survey that hears of tickets."""

from datetime import datetime

import pytest

from core.db import db, writing
from surveys.helpdesks import zammad
from surveys.helpdesks.models import ZammadHook
from surveys.models import Survey
from tests.desk import alice, bob, charlie, monday, survey

__all__ = ["alice", "bob", "charlie", "monday", "survey"]


@pytest.fixture
def hook(survey: Survey, now: datetime) -> ZammadHook:
    with writing():
        return zammad.connect(db.session.merge(survey), 24, ["closed"], now)
