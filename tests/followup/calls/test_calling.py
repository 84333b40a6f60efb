"""Who chose to be called: a task with what to say, told only when a colleague says that they heard it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.db import db, writing
from core.errors import Conflict, DomainError
from followup.calls.calling import calls, record
from followup.composing import compose_due
from followup.falling_back import fall_back
from followup.models import Told
from followup.receipts import compose_receipts
from outbox.channels.mailbox import Mailbox
from outbox.delivering import deliver
from outbox.jobs import hand_back
from outbox.models import Message, Suppression
from promises.ledger import Ledger, Scope, ledger
from promises.models import Update
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import promises_of
from tests.other_ways import NUMBER, asked_by, due_to, messages, offering

DAY = timedelta(days=1)


@pytest.fixture
def rita(people: Cast, survey: Survey, now: datetime) -> Response:
    """Asked to be called, and may read it on her own page where that fails."""
    with writing():
        offering(people, "phone")
        return asked_by("phone", survey, now, otherwise="page")


@pytest.fixture
def call(people: Cast, rita: Response, now: datetime) -> Message:
    """What is to be said to Rita, composed."""
    with writing():
        due_to(people, rita, now)
    assert compose_due(now) == 1
    (call,) = messages("phone")
    return call


def noted(
    call: Message, outcome: str, now: datetime, note: str = "", again_at: datetime | None = None
) -> str:
    with writing():
        return record(call, outcome, note, now, seen=call.tries, again_at=again_at)


def stands(people: Cast) -> Ledger:
    found = ledger(Scope(people.webshop.id))
    assert found.adds_up
    return found


def test_the_answer_is_promised_by_phone(people: Cast, rita: Response, now: datetime) -> None:
    assert (rita.channel, rita.otherwise, rita.identity and rita.identity.value) == ("phone", "page", NUMBER)
    (promise,) = promises_of(rita)
    assert promise.channel == "phone"
    assert compose_receipts(now) == 1, "on her own page: nobody is called to hear that they will be called"
    assert not messages("phone")


@pytest.mark.both_databases
def test_a_call_waits_for_a_person_and_no_sender_takes_it(people: Cast, call: Message, now: datetime) -> None:
    assert (call.state, call.recipient, call.html) == ("queued", NUMBER, "")
    assert "We now use a stronger box." in call.text
    assert "Good day, this is Alice" in call.text
    assert "http" not in call.text, "nobody reads an address aloud"
    assert deliver(now, Mailbox()) == 0
    assert stands(people).promised == 1, "what nobody said yet is not told"


def test_it_stays_on_the_list_after_what_a_mail_would_wait(
    call: Message, people: Cast, now: datetime
) -> None:
    assert hand_back(now + 90 * DAY) == 0
    assert (call.state, stands(people).promised) == ("queued", 1)


@pytest.mark.both_databases
def test_told_is_who_a_colleague_spoke_to(people: Cast, call: Message, now: datetime) -> None:
    assert noted(call, "reached", now + DAY, "She was glad.") == "sent"
    assert stands(people).told_how == {"done": 1}
    (attempt,) = call.attempts
    assert (attempt.outcome, attempt.reply, attempt.at) == ("reached", "She was glad.", now + DAY)
    assert attempt.server, "who called stands beside it"
    assert call.sent_at == now + DAY


def test_one_call_counts_once(people: Cast, call: Message, now: datetime) -> None:
    noted(call, "not_reached", now)
    with pytest.raises(Conflict), writing():
        record(call, "not_reached", "", now, seen=0)
    assert (call.tries, len(call.attempts)) == (1, 1)
    noted(call, "reached", now + DAY)
    with pytest.raises(Conflict):
        noted(call, "not_reached", now + DAY)


def test_who_is_not_reached_is_tried_again_on_the_day_that_is_said(call: Message, now: datetime) -> None:
    assert noted(call, "not_reached", now, again_at=now + 3 * DAY) == "queued"
    assert call.next_attempt_at == now + 3 * DAY
    assert noted(call, "not_reached", now + 3 * DAY) == "queued"
    assert call.next_attempt_at == now + 4 * DAY, "tomorrow, where nothing is said"


@pytest.mark.parametrize("again", [timedelta(), -DAY, 100 * DAY])
def test_a_day_that_is_none_of_the_next_is_refused(call: Message, now: datetime, again: timedelta) -> None:
    with pytest.raises(DomainError, match="from today on"):
        noted(call, "not_reached", now, again_at=now + again)
    db.session.refresh(call)
    assert (call.state, call.tries) == ("queued", 0)


def test_what_is_no_call_has_no_outcome(people: Cast, call: Message, now: datetime) -> None:
    with writing():
        call.channel = "mail"
    with pytest.raises(Conflict):
        noted(call, "reached", now)


@pytest.mark.both_databases
def test_after_three_times_it_goes_the_way_they_allowed(
    people: Cast, rita: Response, call: Message, now: datetime
) -> None:
    for n in range(3):
        noted(call, "not_reached", now + n * DAY)
    assert call.state == "failed"
    assert fall_back(now + 2 * DAY) == 1
    assert rita.channel == "page"
    found = stands(people)
    assert (found.told, found.told_page, found.unreachable) == (1, {"done": 1}, {})
    last = db.session.scalars(select(Update).order_by(Update.id.desc()).limit(1)).one()
    assert "We now use a stronger box." in last.words
    assert db.session.scalar(select(func.count(Told.id))) == 2, "what was done is known to be told to her"
    assert fall_back(now + 3 * DAY) == 0, "once"


@pytest.mark.both_databases
def test_it_goes_by_mail_where_they_allowed_that(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        offering(people, "phone")
        rita = asked_by("phone", survey, now, otherwise="mail", email="rita@example.com")
        due_to(people, rita, now)
    compose_due(now)
    (call,) = messages("phone")
    assert noted(call, "wrong_number", now) == "failed"
    assert fall_back(now) == 1
    (mail,) = messages("mail")
    assert (mail.recipient, rita.channel) == ("rita@example.com", "mail")
    assert "We now use a stronger box." in mail.text
    assert "We now use a stronger box." in mail.html
    assert stands(people).promised == 1, "the mail is under way"
    deliver(now, Mailbox())
    assert stands(people).told_how == {"done": 1}


def test_mail_is_no_way_out_without_an_address(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        offering(people, "phone")
        rita = asked_by("phone", survey, now, otherwise="mail")
        due_to(people, rita, now)
    compose_due(now)
    noted(messages("phone")[0], "wrong_number", now)
    assert fall_back(now) == 0
    assert stands(people).unreachable == {"phone_failed": 1}


def test_who_allowed_no_other_way_is_unreachable_with_the_reason(
    people: Cast, rita: Response, call: Message, now: datetime
) -> None:
    with writing():
        rita.otherwise = ""
    assert noted(call, "wrong_number", now) == "failed"
    assert fall_back(now) == 0
    assert stands(people).unreachable == {"phone_failed": 1}
    assert db.session.scalars(select(Suppression.reason)).all() == ["hard_bounce"], "nobody calls there again"


def test_who_does_not_want_it_is_told_nothing_more(
    people: Cast, rita: Response, call: Message, now: datetime
) -> None:
    assert noted(call, "unwanted", now) == "suppressed"
    assert rita.declined_at == now
    assert fall_back(now) == 0
    assert stands(people).unreachable == {"declined": 1}


def test_a_number_that_is_blocked_is_never_on_the_list(
    people: Cast, survey: Survey, call: Message, now: datetime
) -> None:
    noted(call, "wrong_number", now)
    with writing():
        due_to(people, asked_by("phone", survey, now, nonce="again"), now)
    compose_due(now + DAY)
    assert [c.state for c in messages("phone")] == ["failed", "suppressed"]
    assert not calls(people.webshop.id, people.alice.id, "Europe/Amsterdam", now)


def test_the_list_says_whose_turn_it_is(people: Cast, call: Message, now: datetime) -> None:
    (listed,) = calls(people.webshop.id, people.alice.id, "Europe/Amsterdam", now)
    assert (listed.whose, listed.mine, listed.number, listed.name) == (
        people.alice.name,
        True,
        NUMBER,
        "Rita Ritsema",
    )
    (for_bob,) = calls(people.webshop.id, people.bob.id, "Europe/Amsterdam", now)
    assert not for_bob.mine
    assert not calls(people.housing.id, people.charlie.id, "Europe/Amsterdam", now)


def test_two_answers_of_one_person_are_one_call(
    people: Cast, survey: Survey, rita: Response, now: datetime
) -> None:
    with writing():
        second = asked_by("phone", survey, now, nonce="second", comment="And it was late.")
        due_to(people, rita, now)
        due_to(people, second, now)
    assert compose_due(now) == 2
    (call,) = messages("phone")
    noted(call, "reached", now)
    assert stands(people).told == 2


@pytest.mark.parametrize("offered", [(), ("letter",)])
def test_a_way_that_is_not_offered_is_not_taken(
    people: Cast, survey: Survey, now: datetime, offered: tuple[str, ...]
) -> None:
    with writing():
        offering(people, *offered)
        by_mail = asked_by("phone", survey, now, email="rita@example.com")
        nowhere = asked_by("phone", survey, now, nonce="other")
    assert (by_mail.channel, nowhere.channel) == ("mail", "mail"), "the mail address of the same person"
