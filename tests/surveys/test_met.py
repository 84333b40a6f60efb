"""A survey as strangers meet it: whatever changes in its row, or in its organisation's, is seen at once."""

from datetime import datetime
from typing import Any

import pytest

from core.db import db, writing
from surveys.met import by_slug
from surveys.models import Survey
from tests.cast import Cast

pytestmark = pytest.mark.both_databases


def test_it_says_what_the_row_says(survey: Survey) -> None:
    met = by_slug("bestelling")
    assert met
    row = db.session.get_one(Survey, survey.id)
    same = [c.key for c in Survey.__table__.columns]
    assert [getattr(met, key) for key in same] == [getattr(row, key) for key in same]
    assert (met.organisation.hours, met.organisation.created_at) == (
        row.organisation.hours,
        row.organisation.created_at,
    )


def test_it_is_made_once_and_belongs_to_no_session(survey: Survey) -> None:
    met = by_slug("bestelling")
    assert met is by_slug("bestelling")
    assert met not in db.session


@pytest.mark.parametrize(
    ("name", "value"),
    [("title", {"nl": "Anders"}), ("one_by_one", True), ("embed_origins", ["https://example.org"])],
)
def test_a_change_is_seen_at_once(survey: Survey, name: str, value: Any) -> None:
    by_slug("bestelling")
    with writing():
        setattr(db.session.get_one(Survey, survey.id), name, value)
    met = by_slug("bestelling")
    assert met
    assert getattr(met, name) == value


def test_so_are_its_end_and_a_change_of_the_organisation(people: Cast, survey: Survey, now: datetime) -> None:
    assert by_slug("bestelling")
    with writing():
        db.session.get_one(Survey, survey.id).closed_at = now
        db.session.merge(people.webshop).name = "Another name"
    met = by_slug("bestelling")
    assert met
    assert (met.is_open, met.organisation.name) == (False, "Another name")


@pytest.mark.parametrize("slug", ["", "no such", "nobody", "BESTELLING", "bestelling\x00"])
def test_there_is_none_at_another_address(survey: Survey, slug: str) -> None:
    assert by_slug(slug) is None
