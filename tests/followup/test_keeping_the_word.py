"""Receipts, no news on the promised day, moves that are told, corrections, and a no that reopens."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import rows
from core.access import Role
from core.db import db, writing
from followup.composing import compose_due
from followup.corrections.correcting import correct, tell_done
from followup.corrections.retelling import compose_corrections
from followup.judging import Judgement, judge
from followup.no_news import compose_moves, compose_no_news
from followup.receipts import compose_receipts
from followup.sweeping import sweep
from outbox.models import Attempt, Message
from promises.ledger import Scope, ledger
from promises.models import Promise
from promises.moving import When, move
from surveys.models import Survey
from tests.cast import Cast
from tests.crowd import crowd
from tests.loop import answered, day, decided, promises_of, settled
from triage.commenting import comments_of

AT_ONCE = 20


@pytest.fixture
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PAGE", AT_ONCE)


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


@pytest.mark.both_databases
def test_the_receipt_says_what_who_and_when_and_goes_out_once(survey: Survey, now: datetime) -> None:
    with writing():
        answered(survey, now)
    assert compose_receipts(now) == 1
    assert compose_receipts(now) == 0
    (message,) = messages()
    assert message.kind == "receipt"
    assert "Alice Adams" in message.text
    assert "30 November" in message.text


def test_a_receipt_to_a_claimed_address_quotes_nothing(survey: Survey, now: datetime) -> None:
    with writing():
        answered(survey, now, "My address is Dorpsstraat 1.")
    compose_receipts(now)
    assert "Dorpsstraat" not in messages()[0].text + messages()[0].html


def test_at_most_three_receipts_a_day_reach_one_address(survey: Survey, now: datetime) -> None:
    with writing():
        responses = [answered(survey, now, f"Comment {n}") for n in range(4)]
    assert compose_receipts(now) == 4
    assert len(messages()) == 3
    assert [u.channel for u in promises_of(responses[3])[0].updates] == ["page"], (
        "the fourth stands on its page"
    )


def test_an_anonymous_receipt_stands_on_the_page(survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now, wants="page")
    compose_receipts(now)
    assert not messages()
    assert promises_of(response)[0].updates[0].channel == "page"


def test_on_the_promised_day_there_is_a_word_also_without_news(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
    due_morning = now + timedelta(days=7)
    assert compose_no_news(due_morning) == 0, "there is time until the afternoon"
    assert compose_no_news(due_morning + timedelta(hours=4)) == 1
    first, following = promises_of(response)
    assert (first.ended_as, following.because, following.due_on) == ("told", "no_news", day("2026-12-07"))
    assert "7 December" in messages()[-1].text, "with the next date"
    assert ledger(Scope(people.webshop.id)).promised == 1
    assert compose_no_news(due_morning + timedelta(hours=5)) == 0


def test_what_was_tagged_in_time_is_told_instead_of_no_news(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
        settled(response, decided(people, now), now)
    afternoon = now + timedelta(days=7, hours=4)
    assert compose_no_news(afternoon) == 0
    assert compose_due(afternoon) == 1


def test_a_move_is_told_with_its_reason_and_the_new_date(survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
        move(
            promises_of(response)[0],
            When.by(day("2026-12-04"), "Europe/Amsterdam"),
            "The supplier is late.",
            Role.agent,
            now,
        )
    assert compose_moves(now) == 1
    assert compose_moves(now) == 0
    (message,) = messages()
    assert "The supplier is late." in message.text
    assert "4 December" in message.text
    assert [sorted(u.kind for u in p.updates) for p in promises_of(response)] == [
        ["ending", "receipt"],
        ["receipt"],
    ]


def test_a_plan_that_is_done_is_told_to_everyone_who_was_told_the_plan(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        plan = decided(people, now, "planned")
        for email in ("a@example.com", "b@example.com"):
            settled(answered(survey, now, email=email), plan, now)
    compose_due(now)
    later = now + timedelta(hours=1)
    with writing():
        assert tell_done(plan, later.date(), later) == 2
    assert compose_due(later) == 2, "the same day: a plan that is done does not wait"
    assert len(messages()) == 4


def test_a_correction_reaches_everyone_who_was_told_the_wrong_thing(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        wrong = decided(people, now)
        response = answered(survey, now)
        settled(response, wrong, now)
        settled(answered(survey, now, email="other@example.com"), decided(people, now, "thanks"), now)
    compose_due(now)
    with writing():
        right = decided(people, now, "wont_do", words={"en": "The boxes stay as they are."})
        right.corrects_id = wrong.id
        assert correct(wrong, right, now) == 1
    assert compose_corrections(now) == 1
    assert messages()[-1].kind == "correction"
    assert messages()[-1].recipient == "rita@example.com"
    assert "The boxes stay as they are." in messages()[-1].text


def test_not_solved_reopens_and_is_promised_a_word_at_once(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
        settled(response, decided(people, now), now)
    compose_due(now)
    with writing():
        judge(response, Judgement(True, False, "Still torn.", "n1"), now + timedelta(hours=1))
        judge(response, Judgement(True, False, "Still torn.", "n1"), now + timedelta(hours=1))
    told, again = promises_of(response)
    assert (told.ended_as, again.because, again.is_open) == ("told", "not_solved", True)
    assert comments_of(response)[0].state(now + timedelta(hours=1)) == "open"
    assert compose_due(now + timedelta(hours=2)) == 0, "the old tag is not told again"
    assert compose_receipts(now + timedelta(hours=2)) == 1


def test_not_clear_about_a_bare_score_becomes_work(survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now, comment="")
        judge(response, Judgement(False, None, "What does this mean?", "n1"), now)
    assert len(comments_of(response)) == 1


def test_the_sweep_puts_back_a_promise_that_is_not_there(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        db.session.delete(promises_of(answered(survey, now))[0])
    assert sweep(now) == 1
    assert ledger(Scope(people.webshop.id)).adds_up
    assert sweep(now) == 0


@pytest.mark.both_databases
def test_a_message_row_that_was_never_tried_comes_back_once(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        settled(answered(survey, now), decided(people, now), now)
    compose_due(now)
    with writing():
        db.session.delete(messages()[0])
    assert ledger(Scope(people.webshop.id)).unproven == 1
    assert sweep(now) == 1
    assert sweep(now) == 0
    assert "We now use a stronger box." in messages()[0].text
    assert ledger(Scope(people.webshop.id)).adds_up


def test_a_message_row_that_was_tried_is_never_written_again(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        settled(answered(survey, now), decided(people, now), now)
    compose_due(now)
    with writing():
        (message,) = messages()
        db.session.add(Attempt(message_id=message.id, message_key=message.key, at=now, outcome="sent"))
        db.session.flush()
        db.session.delete(message)
    assert sweep(now) == 0
    assert not ledger(Scope(people.webshop.id)).adds_up, "and the ledger says so"


@pytest.mark.usefixtures("_few_at_once")
@pytest.mark.both_databases
def test_nobody_of_a_crowd_who_has_something_to_tell_hears_that_there_is_no_news(
    people: Cast, survey: Survey, now: datetime
) -> None:
    """More people than are looked at in one go."""
    with writing():
        today = (now + timedelta(hours=4), None)
        crowd(survey, AT_ONCE + 1, now, by=today, tagged=decided(people, now))
        quiet = crowd(survey, 2, now, by=today)
    assert compose_no_news(now + timedelta(hours=4)) == 2
    heard = select(Promise.response_id).where(Promise.because == "no_news").order_by(Promise.response_id)
    assert list(db.session.scalars(heard)) == quiet


@pytest.mark.usefixtures("_few_at_once")
@pytest.mark.both_databases
def test_a_crowd_without_news_hears_so_each_of_them_once(survey: Survey, now: datetime) -> None:
    with writing():
        crowd(survey, AT_ONCE + 2, now, by=(now, None))
    assert compose_no_news(now) == AT_ONCE + 2
    assert compose_no_news(now) == 0


@pytest.mark.both_databases
def test_what_is_held_and_told_in_time_is_news(people: Cast, survey: Survey, now: datetime) -> None:
    """Tagged on the afternoon of the promised day, and held for a while."""
    with writing():
        response = answered(survey, now)
    afternoon = now + timedelta(days=7, hours=4)
    with writing():
        settled(response, decided(people, now), afternoon, timedelta(minutes=15))
    assert compose_no_news(afternoon) == 0
    assert compose_due(afternoon + timedelta(minutes=15)) == 1
