"""The address of a survey: what can be one, and that there is one of it in the installation."""

from datetime import datetime

import pytest

from core.db import db, writing
from core.errors import Conflict, DomainError
from surveys.builder.building import Draft, create_survey
from surveys.models import Survey
from tests.cast import Cast
from tests.loop import QUESTIONS
from tests.surveys.builder.test_building import BOTH, made

NO_ADDRESSES = [
    "", "-", "-a", "a-", "A", "a_b", "a b", "a.b", "x" * 61, "é", "a\n", "a\x00", "../a", "a/b", "a?b", "%61", "ａ", "a\u200d",
]  # fmt: skip


def test_an_address(people: Cast, now: datetime) -> None:
    for slug in ["a", "7", "a-b", "order-2026", "x" * 60, "a--b"]:
        with writing():
            assert made(people, now, slug).slug == slug


def test_what_is_no_address(people: Cast, now: datetime, subtests: pytest.Subtests) -> None:
    for slug in NO_ADDRESSES:
        refusal = pytest.raises(DomainError, match="An address holds small letters")
        with subtests.test(ascii(slug)), refusal, writing():
            made(people, now, slug)


@BOTH
def test_an_address_is_taken_once_in_the_installation(people: Cast, now: datetime) -> None:
    with writing():
        made(people, now)
    with pytest.raises(Conflict, match="“bestelling” is in use"), writing():
        create_survey(people.housing.id, "bestelling", {"nl": "x"}, "nl", people.charlie.id, QUESTIONS, now)
    assert db.session.query(Survey).count() == 1


def test_two_questions_cannot_share_a_key(people: Cast, now: datetime) -> None:
    twice = (Draft("a", "csat", {"nl": "?"}), Draft("a", "nps", {"nl": "?"}))
    with pytest.raises(DomainError, match="a key of its own"), writing():
        made(people, now, questions=twice)
