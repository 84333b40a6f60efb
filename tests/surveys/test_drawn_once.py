"""A page that was drawn for somebody before says what is so now: whatever it looks at may have changed meanwhile."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from core.db import db, writing
from surveys import views_public
from surveys.builder.editing import publish
from surveys.models import Record, Survey
from surveys.views_public import Visit
from tests.cast import Cast
from tests.surveys.answers import opened
from tests.surveys.builder.test_editing import SPEED, drafts, edited

TOKEN = "terugkoppel-token"


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """A Monday, in the middle of the opening hours."""
    with time_machine.travel(datetime.fromisoformat("2026-11-23T12:00:00+01:00"), tick=False) as clock:
        yield clock


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[Visit]:
    """For whom a page was drawn."""
    drawn, draw = list[Visit](), views_public._first_page

    def noted(visit: Visit, *rest: object) -> str:
        drawn.append(visit)
        return draw(visit, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(views_public, "_first_page", noted)
    return drawn


def test_many_who_open_it_in_one_minute_get_one_page_with_a_token_each(
    client: FlaskClient, survey: Survey, noon: time_machine.Traveller, drawings: list[Visit]
) -> None:
    tokens = {opened(client).form()[TOKEN] for _visitor in range(3)}
    assert (len(tokens), len(drawings)) == (3, 1)


def test_each_language_address_and_cookie_has_a_page_of_its_own(
    client: FlaskClient, survey: Survey, noon: time_machine.Traveller, drawings: list[Visit]
) -> None:
    for path in ("?lang=nl", "?lang=en", "?csat=2", "?csat=3", "?embed=1"):
        for _twice in range(2):
            opened(client, f"/s/bestelling{path}")
    assert len(drawings) == 5
    client.set_cookie("somebody", "known")
    opened(client, "/s/bestelling?lang=nl")
    assert len(drawings) == 6


def test_when_the_desk_closes_the_page_says_so(
    client: FlaskClient, survey: Survey, noon: time_machine.Traveller
) -> None:
    noon.move_to(datetime.fromisoformat("2026-11-23T16:59:59+01:00"))
    assert "Open now, until 17:00." in opened(client).words
    noon.shift(timedelta(seconds=1))
    assert "Closed now; open again on Tuesday 24 November from 09:00." in opened(client).words


def test_new_words_questions_and_a_new_record_are_there_at_once(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime, noon: time_machine.Traveller
) -> None:
    assert "How fast were we?" not in opened(client).words
    edited(survey, now, title={"en": "Your parcel"}, questions=[*drafts(survey), SPEED])
    with writing():
        publish(survey, now)
        db.session.merge(people.webshop).phone = "043 123 45 67"
        db.session.add(
            Record(survey_id=survey.id, first_day=now.date(), last_day=now.date(), responses=40, told=31, changed=1,
                   dates_kept=0, dates=0, counted_at=now)
        )  # fmt: skip
    page = opened(client)
    assert page.heading == "Your parcel"
    for words in ("How fast were we?", "31 heard back", "043 123 45 67"):
        assert words in page.words


def test_a_survey_that_was_open_a_moment_ago_is_closed(
    client: FlaskClient, survey: Survey, now: datetime, noon: time_machine.Traveller
) -> None:
    assert opened(client).status == 200
    with writing():
        db.session.merge(survey).closed_at = now
    assert opened(client).status == 410
