"""A survey as strangers meet it: whatever changes in its row, or in its organisation's, is seen at once."""

from datetime import datetime
from typing import Any

import pytest
from flask_babel import force_locale

from core.db import db, writing
from surveys.builder.building import Draft, create_survey
from surveys.builder.editing import publish
from surveys.invitations.record import record_words
from surveys.met import by_slug
from surveys.models import Record, Survey
from surveys.versions import published
from tests.cast import Cast
from tests.each import each
from tests.surveys.builder.test_editing import SPEED, drafts, edited

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


def test_the_version_that_was_published_last_comes_along(survey: Survey, now: datetime) -> None:
    met = by_slug("bestelling")
    assert met
    assert met.along
    assert met.along.newest == (survey.versions[0].id, 1, survey.versions[0].published_at)
    edited(survey, now, title={"nl": "Bestelling", "en": "Order"}, questions=[*drafts(survey), SPEED])
    again = by_slug("bestelling")
    assert again
    assert published(again) is published(met), "a draft is nobody's version"
    with writing():
        publish(survey, now)
    met = by_slug("bestelling")
    assert met
    assert published(met) is published(survey)
    assert published(met, seen=1) is published(survey, seen=1)
    assert [published(met, seen=n).number for n in (1, 2, 3)] == [1, 2, 2]  # type: ignore[union-attr]


def test_a_draft_has_none_and_no_record(people: Cast, now: datetime) -> None:
    with writing():
        why = [Draft("why", "long_text", {"en": "Why?"})]
        create_survey(people.webshop.id, "plan", {"en": "A plan"}, "en", people.alice.id, why, now)
    met = by_slug("plan")
    assert met
    assert (met.along, published(met)) == ((None, None), None)


def test_so_does_its_record_as_it_stands_now(survey: Survey, now: datetime) -> None:
    met = by_slug("bestelling")
    assert met
    assert record_words(met, now) == ""
    for told in (30, 31):
        with writing():
            db.session.merge(counted(survey, told, now))
        met = by_slug("bestelling")
        assert met
        with force_locale("en"):
            assert f"; {told} heard back" in record_words(met, now)
            assert record_words(met, now) == record_words(survey, now)


def counted(survey: Survey, told: int, now: datetime) -> Record:
    return Record(
        survey_id=survey.id, first_day=now.date(), last_day=now.date(), responses=40, told=told, changed=1, dates_kept=0,
        dates=0, counted_at=now,
    )  # fmt: skip


@each("slug", ["", "no such", "nobody", "BESTELLING", "bestelling\x00"])
def test_there_is_none_at_another_address(survey: Survey, slug: str) -> None:
    assert by_slug(slug) is None
