"""Everybody who says something hostile, each under a name of their own, and a colleague who reads it."""

from datetime import datetime

import pytest

from core.db import writing
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.desk import alice, monday, survey
from tests.hostile import ALL_AT_ONCE, LONG, WORDS
from tests.loop import answered

__all__ = ["alice", "monday", "survey"]


@pytest.fixture
def sayings(people: Cast, survey: Survey, now: datetime) -> dict[str, Response]:
    """name in WORDS → the answer that says it, by mail"""
    with writing():
        return {
            name: answered(survey, now, words, email=f"{n}@example.com")
            for n, (name, words) in enumerate(WORDS.items())
        }


@pytest.fixture
def few(people: Cast, survey: Survey, now: datetime) -> list[tuple[str, Response]]:
    """All of them in a few answers: the short ones together, each long one by itself."""
    words = [ALL_AT_ONCE, *(WORDS[name] for name in LONG)]
    with writing():
        return [(said, answered(survey, now, said, email=f"{n}@example.com")) for n, said in enumerate(words)]
