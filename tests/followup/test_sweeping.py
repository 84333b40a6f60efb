"""Whatever row is deleted by hand is back within one sweep, once, and nobody is told the same thing by two letters (R2)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from core.access import Role
from core.db import db, writing
from followup.composing import compose_due
from followup.no_news import compose_moves, compose_no_news
from followup.receipts import compose_receipts
from followup.sweeping import sweep
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Promise, Update
from promises.moving import When, move
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, day, decided, promises_of, settled
from triage.models import Comment

both = pytest.mark.both_databases


def lose(*statements: str) -> None:
    with writing():
        for statement in statements:
            db.session.execute(text(statement))


def back_once(people: Cast, now: datetime, rows: int = 1) -> None:
    """One sweep puts back so many rows, a second none, and everybody is accounted for."""
    assert sweep(now) == rows
    assert sweep(now) == 0
    assert ledger(Scope(people.webshop.id)).adds_up


def messages() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def letter_of(message: Message) -> tuple[str, ...]:
    """What its reader reads, whatever stands for the links."""
    return message.subject, *(body.replace(message.slot, "…") for body in (message.text, message.html))


def told(people: Cast, survey: Survey, now: datetime, **values: str) -> Response:
    with writing():
        response = answered(survey, now, **values)
        settled(response, decided(people, now), now)
    compose_due(now)
    return response


@both
def test_a_promise_comes_back_with_its_date(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
    due_at = promises_of(response)[0].due_at
    lose("DELETE FROM promise")
    back_once(people, now + timedelta(days=2))
    assert [p.due_at for p in promises_of(response)] == [due_at]


@both
@pytest.mark.parametrize("how", ["no_news", "moved"])
def test_the_promise_that_a_letter_announced_comes_back(
    people: Cast, survey: Survey, now: datetime, how: str
) -> None:
    """Who heard "no news yet, you hear from us by Monday" is not told: without the next promise they would be forgotten."""
    with writing():
        response = answered(survey, now)
    later = now + timedelta(days=7, hours=5)
    if how == "moved":
        with writing():
            move(
                promises_of(response)[0],
                When.by(day("2026-12-04"), "Europe/Amsterdam"),
                "Late.",
                Role.agent,
                now,
            )
        compose_moves(now)
    else:
        compose_no_news(later)
    lose(
        "DELETE FROM promise_update WHERE promise_id = (SELECT max(id) FROM promise)",
        "DELETE FROM promise WHERE predecessor_id IS NOT NULL",
    )
    assert ledger(Scope(people.webshop.id)).missing == {"promise": 1}
    back_once(people, later, rows=2)  # and its receipt: the letter that announced it is still there
    assert [p.because for p in promises_of(response)] == ["answer", how]
    assert len(messages()) == 1


@both
def test_a_receipt_is_said_again(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        answered(survey, now)
    compose_receipts(now)
    lose("DELETE FROM promise_update")
    assert (compose_receipts(now), compose_receipts(now)) == (1, 0)


@both
def test_a_receipt_that_rode_with_an_ending_is_found_there(
    people: Cast, survey: Survey, now: datetime
) -> None:
    told(people, survey, now)
    lose("DELETE FROM promise_update WHERE kind = 'receipt'")
    back_once(people, now)
    assert len(messages()) == 1
    assert {u.message_id for u in db.session.scalars(select(Update))} == {messages()[0].id}


@both
def test_an_ending_is_found_by_its_letter(people: Cast, survey: Survey, now: datetime) -> None:
    told(people, survey, now)
    words = db.session.scalars(select(Update.words).where(Update.kind == "ending")).one()
    lose("DELETE FROM told", "DELETE FROM promise_update WHERE kind = 'ending'")
    assert ledger(Scope(people.webshop.id)).missing == {"ending": 1}
    back_once(people, now + timedelta(hours=1))
    ending = db.session.scalars(select(Update).where(Update.kind == "ending")).one()
    assert (ending.how, ending.words, ending.message_id) == ("done", words, messages()[0].id)
    assert compose_due(now + timedelta(hours=1)) == 0


def test_an_ending_on_somebodys_own_page_comes_back(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        settled(answered(survey, now, wants="page"), decided(people, now), now)
    compose_due(now)
    lose("DELETE FROM told", "DELETE FROM promise_update WHERE kind = 'ending'")
    back_once(people, now)
    assert "We now use a stronger box." in db.session.scalars(select(Update.words)).all()[-1]


def test_an_ending_whose_letter_is_gone_too_stays_missing(
    people: Cast, survey: Survey, now: datetime
) -> None:
    told(people, survey, now)
    lose("DELETE FROM told", "DELETE FROM promise_update", "DELETE FROM message")
    assert sweep(now) == 0
    assert not ledger(Scope(people.webshop.id)).adds_up, "and the ledger says so"


@both
def test_a_comment_is_on_the_desk_again(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
        answered(survey, now, comment="")
    lose("DELETE FROM comment")
    back_once(people, now)
    (comment,) = db.session.scalars(select(Comment)).all()
    assert (comment.response_id, comment.text) == (response.id, "The box was torn.")


def test_a_letter_to_one_person_about_two_answers_comes_back_whole(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        for kind, words in (("done", "We now use a stronger box."), ("thanks", "We told the driver.")):
            settled(answered(survey, now), decided(people, now, kind, words={"en": words}), now)
    compose_due(now)
    (first,) = messages()
    kept = letter_of(first)
    lose("DELETE FROM message")
    back_once(people, now)
    (again,) = messages()
    assert letter_of(again) == kept


def test_where_the_actions_are_forgotten_too_the_frozen_words_are_said(
    people: Cast, survey: Survey, now: datetime
) -> None:
    told(people, survey, now)
    lose("DELETE FROM message", "DELETE FROM told")
    back_once(people, now)
    (again,) = messages()
    for part in (again.text, again.html):
        assert "We now use a stronger box." in part
        assert "You said, we did" not in part, "that heading belongs to the digest"
    assert again.subject == "What came of your answer about “Your order”"


@pytest.mark.parametrize("compose", [compose_receipts, compose_no_news])
def test_a_letter_that_promises_comes_back_as_the_same_letter(
    people: Cast, survey: Survey, now: datetime, compose: Callable[[datetime], int]
) -> None:
    with writing():
        answered(survey, now)
    compose(now + timedelta(days=7, hours=5))
    (first,) = messages()
    kept = (first.kind, first.subject, first.recipient)
    lose("DELETE FROM message")
    back_once(people, now + timedelta(days=7, hours=6))
    assert [(m.kind, m.subject, m.recipient) for m in messages()] == [kept]


def test_a_promise_past_its_date_is_an_alarm(
    people: Cast, survey: Survey, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with writing():
        answered(survey, now)
    sweep(now + timedelta(days=6))
    assert "nobody wrote by the promised date" not in caplog.text
    sweep(now + timedelta(days=9))
    assert "nobody wrote by the promised date" in caplog.text


@both
def test_the_sweep_of_a_sound_house_finds_nothing(people: Cast, survey: Survey, now: datetime) -> None:
    """A receipt, an ending, a page, a digest's reader, one who declined, and a plan that was corrected."""
    told(people, survey, now)
    with writing():
        for wants in ("mail", "page", "none"):
            answered(survey, now, wants=wants)
    compose_receipts(now)
    compose_no_news(now + timedelta(days=7, hours=5))
    assert sweep(now + timedelta(days=7, hours=5)) == 0
    assert db.session.scalar(select(func.count(Promise.id))) == 5
