"""Once more, weeks later, when the fix can be felt: one question, once, to whom it is fair to ask."""

from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db, writing
from followup.composing import compose_due
from followup.corrections.correcting import tell_done
from followup.invitations.check_back import compose_check_backs
from followup.judging import Judgement, judge
from followup.models import CheckBack
from followup.own_page.hearing import choose
from outbox.models import Message
from outbox.suppressing import suppress
from promises.ledger import Scope, ledger
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.followup.respondent import page_of, sent, told
from tests.loop import answered, decided, promises_of, settled

DAYS = timedelta(days=1)
MONTH = 28 * DAYS


def asked() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "check_back").order_by(Message.id)))


@pytest.mark.both_databases
def test_after_four_weeks_they_are_asked_once_and_nothing_is_owed(
    people: Cast, rita: Response, now: datetime
) -> None:
    before = ledger(Scope(people.webshop.id))
    assert compose_check_backs(now + MONTH - timedelta(minutes=1)) == 0
    assert [compose_check_backs(now + MONTH) for _clock in range(3)] == [1, 0, 0]
    (message,) = asked()
    assert message.subject == "Does it help, what we did after your answer about “Your order”?"
    assert "We now use a stronger box." in message.text
    assert "Alice Adams" in message.text
    assert ledger(Scope(people.webshop.id)) == before, "told stays as it is"
    assert len(promises_of(rita)) == 1


def test_the_time_is_set_per_action(people: Cast, survey: Survey, now: datetime) -> None:
    for days, email in ((7, "a@example.com"), (0, "b@example.com")):
        with writing():
            response = answered(survey, now, email=email)
            action = decided(people, now, check_back_days=days)
            settled(response, action, now)
        compose_due(now)
        sent(now)
    assert compose_check_backs(now + 6 * DAYS) == 0
    assert compose_check_backs(now + 7 * DAYS) == 1
    assert compose_check_backs(now + 30 * DAYS) == 0, "0: not at all"
    assert [m.recipient for m in asked()] == ["a@example.com"]


@pytest.mark.parametrize(("kind", "times"), [("wont_do", 0), ("already", 0), ("thanks", 0), ("done", 1)])
def test_only_where_something_changed(
    people: Cast, survey: Survey, now: datetime, kind: str, times: int
) -> None:
    with writing():
        response = answered(survey, now)
    told(people, response, now, kind)
    assert compose_check_backs(now + MONTH) == times


def test_nobody_is_asked_while_the_outcome_of_a_plan_is_owed(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
    told(people, response, now, "planned", due_on=date(2026, 12, 4))
    assert compose_check_backs(now + MONTH) == 0
    assert compose_check_backs(now + MONTH + 12 * DAYS) == 0


def test_a_plan_that_was_done_is_asked_about_once(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        plan, response = decided(people, now, "planned"), answered(survey, now)
        settled(response, plan, now)
    compose_due(now)
    later = now + 5 * DAYS
    with writing():
        tell_done(plan, later.date(), later)
    compose_due(later)
    assert compose_check_backs(later + MONTH) == 1
    assert compose_check_backs(later + MONTH + 10 * DAYS) == 0
    assert "This was done on 28 November 2026:" in asked()[0].text


def test_two_actions_of_one_answer_are_one_question(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
        for words in ({"en": "A stronger box."}, {"en": "A softer lamp."}):
            settled(response, decided(people, now, words=words), now)
    compose_due(now)
    assert compose_check_backs(now + MONTH) == 1
    assert "A stronger box." in asked()[0].text
    assert "A softer lamp." in asked()[0].text
    assert len(db.session.scalars(select(CheckBack)).all()) == 2


def test_who_said_no_is_not_asked_while_they_wait(rita: Response, now: datetime) -> None:
    with writing():
        judge(rita, Judgement(None, False, "", "n1"), now + DAYS)
    assert compose_check_backs(now + MONTH) == 0


def test_who_said_yes_is_asked_since_weeks_tell_more(rita: Response, now: datetime) -> None:
    with writing():
        judge(rita, Judgement(True, True, "", "n1"), now + DAYS)
    assert compose_check_backs(now + MONTH) == 1


def test_the_declined_the_blocked_and_the_erased_are_left_alone(
    people: Cast, survey: Survey, now: datetime
) -> None:
    declined, blocked, erased = (_told(people, survey, f"{n}@example.com", now) for n in "abc")
    with writing():
        choose(declined, "none", "", now)
        suppress(people.webshop.id, "b@example.com", "complaint", now)
        erased.erased_at = now
    assert compose_check_backs(now + MONTH) == 0
    assert blocked.declined_at is None


@pytest.mark.parametrize("stream", ["survey", "service"])
def test_whoever_left_either_stream_is_not_asked(
    people: Cast, rita: Response, now: datetime, stream: str
) -> None:
    with writing():
        suppress(people.webshop.id, "rita@example.com", "unsubscribed", now, stream)
    assert compose_check_backs(now + MONTH) == 0


def test_its_link_leaves_the_mail_that_asks(rita: Response, now: datetime) -> None:
    compose_check_backs(now + MONTH)
    (message,) = asked()
    assert message.links["unsubscribe"][0] == "unsubscribe_survey"


def _told(people: Cast, survey: Survey, email: str, now: datetime) -> Response:
    with writing():
        response = answered(survey, now, email=email)
    told(people, response, now)
    return response


def test_an_action_that_was_withdrawn_is_not_asked_about(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        action, response = decided(people, now), answered(survey, now)
        settled(response, action, now)
    compose_due(now)
    with writing():
        action.withdrawn_at = now
    assert compose_check_backs(now + MONTH) == 0


def test_a_clock_that_stood_still_for_long_asks_nothing_of_long_ago(rita: Response, now: datetime) -> None:
    assert compose_check_backs(now + MONTH + 14 * DAYS) == 0


def test_not_on_a_day_on_which_they_were_written_to(
    people: Cast, survey: Survey, rita: Response, now: datetime
) -> None:
    with writing():
        other = answered(survey, now + MONTH)
    told(people, other, now + MONTH, "thanks")
    assert compose_check_backs(now + MONTH) == 0
    assert compose_check_backs(now + MONTH + DAYS) == 1


def test_a_page_asks_again_without_any_mail(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now, wants="page")
        settled(response, decided(people, now), now)
    compose_due(now)
    with writing():
        judge(response, Judgement(True, True, "", "n1"), now + DAYS)
    assert "Thank you: it is noted." in page_of(client, response).words
    assert compose_check_backs(now + MONTH) == 1
    assert asked() == []
    words = page_of(client, response).words
    assert "tell us once more" in words
    assert "We asked once more whether it helped" in words


def test_a_no_after_it_opens_the_loop_again(rita: Response, now: datetime) -> None:
    compose_check_backs(now + MONTH)
    with writing():
        judge(rita, Judgement(None, False, "", "n1"), now + MONTH + DAYS)
    assert promises_of(rita)[-1].because == "not_solved"
