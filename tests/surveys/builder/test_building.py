"""Making a survey, and its life: draft, open, closed, open again. What was published never changes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from surveys.answering import closed_sentence, submit
from surveys.builder.building import ReplyTime, close_survey, create_survey, open_survey
from surveys.models import Question, Survey, Version
from surveys.versions import published
from tests.cast import Cast
from tests.loop import QUESTIONS, answered

BOTH = pytest.mark.both_databases
HOUR = timedelta(hours=1)


def made(people: Cast, now: datetime, slug: str = "bestelling", **values: Any) -> Survey:
    questions = values.pop("questions", QUESTIONS)
    return create_survey(
        people.webshop.id, slug, {"nl": "Uw bestelling"}, "nl", people.alice.id, questions, now, **values
    )


def events() -> list[str]:
    verbs = db.session.scalars(select(Event.verb).where(Event.verb.startswith("survey.")).order_by(Event.id))
    return [verb.removeprefix("survey.") for verb in verbs]


@BOTH
def test_from_draft_to_open_to_closed_and_open_again(people: Cast, now: datetime) -> None:
    with writing():
        survey = made(people, now)
    assert (survey.state, survey.is_open, published(survey)) == ("draft", False, None)
    with writing():
        open_survey(survey, now + HOUR)
    assert (survey.state, survey.opened_at) == ("open", now + HOUR)
    with writing():
        close_survey(survey, now + 2 * HOUR)
    assert (survey.state, survey.closed_at) == ("closed", now + 2 * HOUR)
    with writing():
        open_survey(survey, now + 3 * HOUR)
    assert (survey.state, survey.opened_at, survey.closed_at) == ("open", now + HOUR, None)
    assert events() == ["created", "opened", "closed", "opened"]


@BOTH
def test_open_in_python_is_open_in_sql(people: Cast, now: datetime) -> None:
    with writing():
        surveys = [made(people, now, slug) for slug in ("draft", "open", "closed", "again")]
        for survey in surveys[1:]:
            open_survey(survey, now)
        for survey in surveys[2:]:
            close_survey(survey, now)
        open_survey(surveys[3], now)
    found = set(db.session.scalars(select(Survey.slug).where(Survey.is_open)))
    assert found == {s.slug for s in surveys if s.is_open} == {"open", "again"}


@pytest.mark.parametrize("opened", [False, True])
def test_what_is_not_open_cannot_be_closed(people: Cast, now: datetime, opened: bool) -> None:
    with writing():
        survey = made(people, now)
        if opened:
            open_survey(survey, now)
            close_survey(survey, now)
    with pytest.raises(Conflict, match="This survey is not open"), writing():
        close_survey(survey, now)


def test_a_survey_without_questions_stays_a_draft(people: Cast, now: datetime) -> None:
    with writing():
        survey = made(people, now, questions=())
    with pytest.raises(DomainError, match="at least one question"), writing():
        open_survey(survey, now)
    assert survey.state == "draft"


def test_its_first_publication_is_remembered(people: Cast, now: datetime) -> None:
    with writing():
        survey = made(people, now)
        open_survey(survey, now)
        close_survey(survey, now + HOUR)
        open_survey(survey, now + 2 * HOUR)
    assert [v.published_at for v in survey.versions] == [now]


@BOTH
def test_answers_keep_the_version_that_they_saw(people: Cast, now: datetime) -> None:
    with writing():
        survey = made(people, now)
        open_survey(survey, now)
        first = answered(survey, now)
        newer = Version(
            number=2, questions=[Question(key="csat", position=0, kind="csat", prompt={"nl": "Nieuw"})]
        )
        survey.versions.append(newer)
    newest = published(survey)
    assert newest
    assert newest.id == survey.versions[0].id, "a version that is not published is nobody's yet"
    with writing():
        open_survey(survey, now + HOUR)
        second = answered(survey, now + HOUR, "", email="b@example.com")
    assert (first.version.number, second.version.number) == (1, 2)
    assert [a.question.prompt.get("en") for a in first.answers] == ["How satisfied are you?", "Why?"]


@BOTH
@pytest.mark.parametrize("reply", [ReplyTime(None, None), ReplyTime(5, 48)])
def test_the_database_itself_wants_one_reply_time(people: Cast, now: datetime, reply: ReplyTime) -> None:
    with pytest.raises(IntegrityError), writing():
        made(people, now, reply=reply)


@BOTH
def test_the_database_itself_wants_no_closing_before_an_opening(people: Cast, now: datetime) -> None:
    with writing():
        survey = made(people, now)
    with pytest.raises(IntegrityError), writing():
        db.session.execute(update(Survey).where(Survey.id == survey.id).values(closed_at=now))


def test_the_day_it_closed_is_a_local_day(people: Cast, now: datetime) -> None:
    with writing():
        survey = made(people, now)
        open_survey(survey, now)
        survey.closed_at = datetime.fromisoformat("2026-12-31T23:30:00+00:00")
    assert closed_sentence(survey) == "This survey closed on 1 January 2027."


def test_languages_are_those_with_words_its_own_first(people: Cast) -> None:
    words = {"en": "Order", "nl": "Bestelling", "de": "Bestellung"}
    assert Survey(title=words, language="nl").languages == ["nl", "de", "en"]
    assert Survey(title=words, language="en").languages == ["en", "de", "nl"]


def test_the_same_nonce_is_the_same_answer_of_that_survey_alone(people: Cast, now: datetime) -> None:
    from surveys.answering import Submission

    with writing():
        surveys = [made(people, now, slug) for slug in ("one", "two")]
        for survey in surveys:
            open_survey(survey, now)
    sent = Submission({"csat": (3, None)}, "nl", "the same", wants="page")
    with writing():
        ids = [submit(survey, sent, now).id for survey in (*surveys, *surveys)]
    assert ids[:2] == ids[2:]
    assert ids[0] != ids[1]
