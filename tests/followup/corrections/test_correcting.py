"""What was told is put right: everyone who heard it hears what holds now, once, and nobody else does."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict
from followup.composing import compose_due
from followup.corrections.correcting import correct, heard, tell_done
from followup.corrections.retelling import compose_corrections
from followup.judging import Judgement, judge
from followup.models import Told
from followup.own_page.hearing import choose
from followup.receipts import compose_receipts
from followup.sweeping import sweep
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Promise, Update
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, decided, promises_of, settled
from triage.acting import finish
from triage.commenting import comments_of
from triage.models import Action
from triage.tagging import tag

WRONG_WORDS = "What we told you before was not right."
HOLDS = {"nl": "De dozen blijven.", "en": "The boxes stay as they are."}
HOUR = timedelta(hours=1)


@pytest.fixture
def wrong(people: Cast, now: datetime) -> Action:
    with writing():
        return decided(people, now)


@pytest.fixture
def rita(survey: Survey, wrong: Action, now: datetime) -> Response:
    """She was told."""
    with writing():
        response = answered(survey, now)
        settled(response, wrong, now)
    assert compose_due(now) == 1
    return response


def put_right(people: Cast, wrong: Action, now: datetime, **words: str) -> Action:
    with writing():
        right = decided(people, now, "wont_do", words=words or HOLDS)
        right.corrects_id = wrong.id
        db.session.flush()
        correct(wrong, right, now)
    return right


def mails(*kinds: str) -> list[Message]:
    query = select(Message).where(Message.kind.in_(kinds or ("update", "correction"))).order_by(Message.id)
    return list(db.session.scalars(query))


def hows(response: Response) -> list[str]:
    """How each promise of theirs ended, in order."""
    query = (
        select(Update.how).join(Promise).where(Promise.response_id == response.id, Update.kind == "ending")
    )
    return list(db.session.scalars(query.order_by(Update.id)))


@pytest.mark.both_databases
def test_a_correction_opens_a_promise_due_today_and_ends_it_in_one_transaction(
    people: Cast, rita: Response, wrong: Action, now: datetime
) -> None:
    put_right(people, wrong, now + HOUR)
    assert [p.because for p in promises_of(rita)] == ["answer"], "nothing is owed between two transactions"
    assert compose_corrections(now + HOUR) == 1
    promise = promises_of(rita)[1]
    assert (promise.because, promise.opened_at, promise.ended_at) == ("correction", now + HOUR, now + HOUR)
    assert str(promise.due_on) == "2026-11-23"
    assert hows(rita) == ["done", "correction"]
    assert WRONG_WORDS in mails()[-1].text
    assert ledger(Scope(people.webshop.id)).told_how == {}, "its mail is still on its way"


@pytest.mark.both_databases
def test_nobody_hears_the_same_correction_twice(
    people: Cast, rita: Response, wrong: Action, now: datetime
) -> None:
    put_right(people, wrong, now)
    assert [compose_corrections(now) for _clock in range(3)] == [1, 0, 0]
    assert compose_due(now) == 0
    with pytest.raises(Conflict, match="corrected already"):
        put_right(people, wrong, now)
    assert len(mails()) == 2


def test_what_was_told_stays_as_it_was_read(
    people: Cast, rita: Response, wrong: Action, now: datetime
) -> None:
    before = mails()[0].text
    put_right(people, wrong, now)
    compose_corrections(now)
    assert mails()[0].text == before
    assert [t.kind for t in db.session.scalars(select(Told).order_by(Told.id))] == ["done", "wont_do"]


def test_who_was_told_about_two_actions_hears_both_corrections_in_one_message(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        first, second = decided(people, now), decided(people, now, "thanks")
        response = answered(survey, now)
        for action in (first, second):
            settled(response, action, now)
    compose_due(now)
    put_right(people, first, now, en="This about the first.")
    put_right(people, second, now, en="That about the second.")
    assert compose_corrections(now) == 1
    assert "This about the first." in mails()[-1].text
    assert "That about the second." in mails()[-1].text
    assert mails()[-1].text.count(WRONG_WORDS) == 1


def test_two_answers_of_one_person_are_put_right_in_one_message(
    people: Cast, survey: Survey, wrong: Action, now: datetime
) -> None:
    with writing():
        both = [answered(survey, now, words) for words in ("The box was torn.", "And again.")]
        for response in both:
            settled(response, wrong, now)
    compose_due(now)
    put_right(people, wrong, now)
    assert compose_corrections(now) == 2
    assert len(mails("correction")) == 1
    assert all(hows(r)[-1] == "correction" for r in both)


def test_who_waits_for_another_word_hears_it_at_once_and_keeps_that_promise(
    people: Cast, survey: Survey, wrong: Action, now: datetime
) -> None:
    """Two answers to one question cannot be; a comment that came back and was taken up again can."""
    with writing():
        response = answered(survey, now)
        settled(response, wrong, now)
    compose_due(now)
    with writing():
        (comment,) = comments_of(response)
        tag([comment], decided(people, now + HOUR, "thanks"), None, timedelta(days=1), now + HOUR)
    waiting = promises_of(response)[-1]
    put_right(people, wrong, now + 2 * HOUR)
    assert compose_corrections(now + 2 * HOUR) == 1
    told, still = promises_of(response)[-2:]
    assert (told.id, told.ended_as, still.ended_as) == (waiting.id, "told", None)
    assert (still.because, still.due_at, still.moves) == (waiting.because, waiting.due_at, waiting.moves)
    assert [u.kind for u in still.updates] == ["receipt"], "announced by the same message"
    assert "What we promise you now:" in mails()[-1].text
    assert "Thank you" not in mails()[-1].text, "what is held stays held"
    assert compose_corrections(now + 2 * HOUR) == 0


def test_a_plan_that_is_done_is_told_beside_what_is_still_owed(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        plan, response = decided(people, now, "planned"), answered(survey, now)
        settled(response, plan, now)
    compose_due(now)
    with writing():
        settled(response, decided(people, now + HOUR, "thanks"), now + HOUR, hold=timedelta(days=1))
        assert tell_done(plan, now.date(), now + HOUR) == 1
    assert compose_corrections(now + HOUR) == 1
    assert hows(response) == ["planned", "done"], "the plan is done: that puts nothing right"
    assert WRONG_WORDS not in mails()[-1].text


def test_not_solved_and_then_corrected_is_answered_by_the_correction(
    people: Cast, rita: Response, wrong: Action, now: datetime
) -> None:
    with writing():
        judge(rita, Judgement(None, False, "Still torn.", "n1"), now + HOUR)
    compose_receipts(now + HOUR)
    put_right(people, wrong, now + 2 * HOUR)
    assert compose_corrections(now + 2 * HOUR) == 0, "all of theirs is settled now"
    assert compose_due(now + 2 * HOUR) == 1
    assert hows(rita) == ["done", "correction"]


def test_who_was_about_to_hear_it_hears_what_holds_instead_and_of_no_mistake(
    people: Cast, survey: Survey, wrong: Action, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
        settled(response, wrong, now, hold=timedelta(minutes=15))
    put_right(people, wrong, now)
    assert compose_due(now) == compose_corrections(now) == 0, "the hold that was set stays"
    later = now + timedelta(minutes=16)
    assert compose_due(later) == 1
    assert hows(response) == ["wont_do"]
    assert "The boxes stay as they are." in mails()[-1].text
    assert WRONG_WORDS not in mails()[-1].text
    assert "stronger box" not in mails()[-1].text


@pytest.mark.both_databases
def test_a_correction_of_a_correction_reaches_who_heard_either(
    people: Cast, rita: Response, survey: Survey, wrong: Action, now: datetime
) -> None:
    first = put_right(people, wrong, now, en="The boxes stay.")
    second = put_right(people, first, now + HOUR, en="The boxes change in May.")
    assert compose_corrections(now + HOUR) == 1, "she had not heard the first one yet"
    assert "The boxes stay." not in mails()[-1].text
    assert "The boxes change in May." in mails()[-1].text
    assert WRONG_WORDS in mails()[-1].text
    put_right(people, second, now + 2 * HOUR, en="They changed today.")
    assert compose_corrections(now + 2 * HOUR) == 1
    assert hows(rita) == ["done", "correction", "correction"]


def test_who_asked_not_to_be_told_hears_it_when_they_change_their_mind(
    people: Cast, rita: Response, wrong: Action, now: datetime
) -> None:
    with writing():
        choose(rita, "none", "", now)
    put_right(people, wrong, now)
    assert compose_corrections(now) == 0
    assert ledger(Scope(people.webshop.id)).unreachable == {"declined": 1}
    with writing():
        choose(rita, "mail", "", now + HOUR)
    assert compose_due(now + HOUR) == 1
    assert WRONG_WORDS in mails()[-1].text


def test_the_erased_hear_nothing(people: Cast, rita: Response, wrong: Action, now: datetime) -> None:
    with writing():
        rita.erased_at = now
    assert db.session.scalars(heard(wrong.id)).all() == []
    put_right(people, wrong, now)
    assert compose_corrections(now) == 0


def test_a_page_is_put_right_too(people: Cast, survey: Survey, wrong: Action, now: datetime) -> None:
    with writing():
        response = answered(survey, now, wants="page")
        settled(response, wrong, now)
    compose_due(now)
    put_right(people, wrong, now)
    assert compose_corrections(now) == 1
    assert WRONG_WORDS in promises_of(response)[-1].updates[-1].words
    assert mails() == []


@pytest.mark.both_databases
def test_who_was_told_the_old_word_while_it_was_corrected_is_found_by_the_sweep(
    people: Cast, rita: Response, wrong: Action, now: datetime
) -> None:
    """Two transactions side by side: the correction did not see that she was just being told."""
    with writing():
        right = decided(people, now, "wont_do", words=HOLDS)
        right.corrects_id, wrong.withdrawn_at = wrong.id, now
    assert compose_corrections(now) == 0
    assert sweep(now) == 1
    assert sweep(now) == 0
    assert compose_corrections(now) == 1
    assert hows(rita) == ["done", "correction"]


def test_a_plan_that_was_told_while_it_was_marked_done_is_found_by_the_sweep(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        plan, response = decided(people, now, "planned"), answered(survey, now)
        settled(response, plan, now)
    compose_due(now)
    with writing():
        finish(plan, now.date(), now)
    assert (sweep(now), sweep(now)) == (1, 0)
    assert compose_due(now) == 1, "whose outcome is owed hears it as that outcome"
    assert hows(response) == ["planned", "done"]
