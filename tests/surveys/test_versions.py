"""Published questions are read and drawn once; whatever may change is looked at each time."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from core.db import db, writing
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Question, Survey, Version
from surveys.versions import published
from tests.cast import Cast
from tests.core.test_rows import statements_of
from tests.pages import get
from tests.surveys.answers import opened

pytestmark = pytest.mark.both_databases


def test_the_questions_are_read_once(client: FlaskClient, survey: Survey) -> None:
    opened(client)
    asked = [s for s in statements_of(lambda: opened(client)) if s.startswith("SELECT")]
    assert len(asked) == 1, "the survey with its organisation, which version is the newest, and its record"
    assert not [s for s in asked if "FROM question" in s]


def test_a_draft_is_nobodys_version(people: Cast, now: datetime) -> None:
    with writing():
        draft = create_survey(people.webshop.id, "plan", {"en": "A plan"}, "en", people.alice.id,
                              [Draft("why", "long_text", {"en": "Why?"})], now)  # fmt: skip
        assert published(draft) is None
        open_survey(draft, now)
        found = published(draft)
    assert found is not None
    assert [q.key for q in found.questions] == ["why"]


def test_a_new_version_is_seen_at_once(client: FlaskClient, survey: Survey, now: datetime) -> None:
    opened(client)
    with writing():
        again = Question(key="speed", position=0, kind="nps", prompt={"en": "How fast were we?"})
        db.session.add(Version(survey_id=survey.id, number=2, published_at=now, questions=[again]))
    page = opened(client)
    assert "How fast were we?" in page.words
    assert "How satisfied are you?" not in page.words


def test_what_is_kept_is_outside_every_session(survey: Survey) -> None:
    """Whoever holds the survey's own rows keeps them, to change or to follow."""
    kept = published(survey)
    assert kept is not None
    assert kept not in db.session
    assert survey.versions[-1] in db.session
    assert survey.versions[-1] is not kept
    assert published(survey) is kept


def test_each_reader_sees_them_in_their_language(client: FlaskClient, survey: Survey) -> None:
    for _visit in range(2):
        assert "How satisfied are you?" in opened(client, "/s/bestelling?lang=en").words
        assert "Hoe tevreden bent u?" in opened(client, "/s/bestelling?lang=nl").words


def test_answers_in_an_address_are_this_visitors_alone(client: FlaskClient, survey: Survey) -> None:
    opened(client)
    assert "checked" in get(client, "/s/bestelling?csat=2").element("csat-1").attrib
    assert "checked" not in opened(client).element("csat-1").attrib


def test_what_somebody_could_not_send_is_shown_to_nobody_else(client: FlaskClient, survey: Survey) -> None:
    page = opened(client)
    client.post("/s/bestelling", data={**page.form(), "comment": "only mine"})
    assert "only mine" not in opened(client).html
