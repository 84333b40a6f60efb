"""The answers of a scope a page at a time: each of them once, in order, also where many came in at one moment."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from promises import paging
from promises.ledger import Scope
from surveys.models import Survey
from surveys.models_responses import Response
from tests.loop import answered

DAYS_BEFORE = (3, 1, 1, 1, 1, 2, 9)
"""Put in in this order: an import brings what is older, and four at one moment."""


@pytest.fixture
def ids(survey: Survey, now: datetime) -> list[int]:
    with writing():
        mine = db.session.merge(survey)
        return [
            answered(mine, now, email=f"{n}@example.com", submitted_at=now - timedelta(days)).id
            for n, days in enumerate(DAYS_BEFORE)
        ]


@pytest.mark.both_databases
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_of_a_survey_they_come_oldest_first_and_each_once(survey: Survey, ids: list[int], size: int) -> None:
    pages = list(paging.pages(Scope(survey.organisation_id, survey.id), size))
    assert [id for page in pages for id in page] == [ids[n] for n in (6, 0, 5, 1, 2, 3, 4)]
    assert max(map(len, pages)) == min(size, len(ids))


def test_of_an_organisation_they_come_as_they_were_put_in(survey: Survey, ids: list[int]) -> None:
    pages = list(paging.pages(Scope(survey.organisation_id), 3))
    assert pages == [ids[:3], ids[3:6], ids[6:]]


def test_a_scope_narrows_them(survey: Survey, ids: list[int], now: datetime) -> None:
    mine = Scope(survey.organisation_id, survey.id)
    two_days_ago = replace(mine, since=now - timedelta(2), until=now - timedelta(1))
    assert list(paging.pages(two_days_ago, 2)) == [[ids[5]]]
    assert list(paging.pages(replace(mine, channel="page"), 2)) == []
    assert list(paging.pages(replace(mine, organisation_id=mine.organisation_id + 1), 2)) == []


def test_what_was_tried_out_is_not_among_them(survey: Survey, ids: list[int]) -> None:
    with writing():
        db.session.get_one(Response, ids[0]).is_test = True
    db.session.rollback()
    found = [id for page in paging.pages(Scope(survey.organisation_id), 2) for id in page]
    assert found == ids[1:]


def test_whoever_answers_between_two_pages_is_not_lost_and_moves_nobody(
    survey: Survey, ids: list[int], now: datetime
) -> None:
    found = paging.pages(Scope(survey.organisation_id, survey.id), 4)
    first = next(found)
    db.session.rollback()
    with writing():
        late = answered(db.session.merge(survey), now, email="late@example.com", submitted_at=now).id
    assert [*first, *(id for page in found for id in page)][-1] == late
    assert set(db.session.scalars(select(Response.id))) == {*ids, late}
