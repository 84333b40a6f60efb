"""An answer that nobody looked at is closed with the words its survey chose, openly by default; off unless chosen."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import DomainError
from followup.composing import compose_due
from followup.default_closing import close_by_default
from followup.no_news import compose_no_news
from outbox.models import Message
from promises.ledger import Scope, ledger
from surveys.models import Survey
from surveys.settings.default_closing import choose_closing
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey, promises_of, settled

WORDS = {"nl": "Wij lazen uw reactie niet op tijd.", "en": "We did not read your answer in time."}


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    """Closes by default after ten days."""
    with writing():
        found = opened_survey(people, now)
        choose_closing(found, 10, WORDS, now)
    return found


def after(days: int, now: datetime) -> datetime:
    return now + timedelta(days=days)


@pytest.mark.both_databases
def test_after_its_days_an_untouched_answer_hears_the_words_once(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
    assert close_by_default(after(10, now)) == 0, "not before the days are over"
    assert close_by_default(after(11, now)) == 1
    assert close_by_default(after(12, now)) == 0
    (mail,) = db.session.scalars(select(Message).where(Message.kind == "default"))
    assert "We did not read your answer in time." in mail.text
    assert "We did not read your answer in time." in mail.html
    (promise,) = promises_of(response)
    assert (promise.ended_as, promise.updates[-1].how) == ("told", "default")
    with writing():
        mail.state, mail.sent_at = "sent", after(11, now)
    assert ledger(Scope(people.webshop.id)).told_how == {"default": 1}
    assert ledger(Scope(people.webshop.id)).something_changed == 0, "never a deed"


def test_no_news_before_it_does_not_count_as_a_look(survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
    compose_no_news(after(7, now) + timedelta(hours=4))
    assert close_by_default(after(11, now)) == 1
    assert [p.updates[-1].how for p in promises_of(response)] == ["no_news", "default"]


def test_what_a_person_tagged_is_told_and_not_closed(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        settled(answered(survey, now), decided(people, now), now, hold=timedelta(days=30))
    assert close_by_default(after(6, now) + timedelta(days=5)) == 0


def test_a_no_is_for_a_person_only(people: Cast, survey: Survey, now: datetime) -> None:
    from followup.judging import Judgement, judge

    with writing():
        response = answered(survey, now)
        settled(response, decided(people, now), now)
    compose_due(now)
    with writing():
        judge(response, Judgement(True, False, "No.", "n1"), now)
    assert close_by_default(after(40, now)) == 0


def test_a_bare_score_waits_for_the_end_of_its_round(survey: Survey, now: datetime) -> None:
    with writing():
        answered(survey, now, comment="")
    assert close_by_default(after(11, now)) == 0, "the round of November would answer it"
    assert close_by_default(after(18, now)) == 1


def test_an_anonymous_one_reads_it_on_the_own_page(survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now, wants="page")
    close_by_default(after(11, now))
    assert promises_of(response)[0].updates[-1].words == "We did not read your answer in time."


def test_a_language_nobody_wrote_words_for_reads_the_surveys_own(survey: Survey, now: datetime) -> None:
    with writing():
        choose_closing(survey, 10, {"nl": WORDS["nl"]}, now)
        response = answered(survey, now, wants="page")
    close_by_default(after(11, now))
    assert promises_of(response)[0].updates[-1].words == WORDS["nl"]


def test_it_is_off_unless_chosen(people: Cast, now: datetime) -> None:
    with writing():
        answered(opened_survey(people, now), now)
    assert close_by_default(after(400, now)) == 0


@pytest.mark.parametrize(("days", "words", "sentence"), [
    (0, WORDS, "from 1 to 365"), (366, WORDS, "from 1 to 365"), (10, {"en": "Sorry."}, "language of the survey"), (10, {"nl": " "}, "language"),
])  # fmt: skip
def test_it_needs_days_and_words(
    survey: Survey, now: datetime, days: int, words: Mapping[str, str], sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence), writing():
        choose_closing(survey, days, words, now)
    assert survey.closing_days == 10
