"""Everybody is told, nobody twice the same thing: from a released tag to an update in a message."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict
from followup.composing import compose_due
from followup.models import Told
from outbox.models import Message, Suppression
from promises.ledger import Scope, ledger
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, decided, promises_of, settled
from triage.commenting import comments_of
from triage.tagging import tag, undo

HOLD = timedelta(minutes=15)


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def delivered() -> None:
    with writing():
        for message in messages():
            message.state, message.sent_at = "sent", message.created_at


@pytest.mark.both_databases
def test_a_settled_comment_is_told_after_the_hold_and_once(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
        settled(response, decided(people, now), now, HOLD)
    assert compose_due(now + timedelta(minutes=14)) == 0, "it is still held"
    assert compose_due(now + HOLD) == 1
    assert compose_due(now + HOLD) == 0, "and never again"
    (message,) = messages()
    assert message.recipient == "rita@example.com"
    assert "The box was torn." in message.text, "their own words"
    assert "We now use a stronger box." in message.text, "what was done, in their language"
    assert promises_of(response)[0].ended_as == "told"


def test_told_only_when_the_message_is_sent(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        settled(answered(survey, now), decided(people, now), now)
    compose_due(now)
    assert ledger(Scope(people.webshop.id)).promised == 1, "queued is a promise still"
    delivered()
    assert ledger(Scope(people.webshop.id)).told_how == {"done": 1}


def test_it_waits_until_every_comment_is_settled(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
        second = comments_of(response)[0]
        reopened = now + timedelta(minutes=1)
        settled(response, decided(people, now), now)
        second.reopened_at = reopened
    assert compose_due(reopened) == 0


def test_an_undone_tag_is_never_told(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        (held,) = settled(answered(survey, now), decided(people, now), now, HOLD)
    with writing():
        undo(held, now)
    assert compose_due(now + HOLD) == 0


def test_undoing_what_was_told_loses_the_race(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        (held,) = settled(answered(survey, now), decided(people, now), now)
    compose_due(now)
    with pytest.raises(Conflict, match="told already"), writing():
        undo(held, now)


def test_the_hold_never_runs_past_the_promised_date(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
        last_minute = promises_of(response)[0].due_at - timedelta(minutes=1)
        (held,) = settled(response, decided(people, now), last_minute, HOLD)
    assert held.release_at == promises_of(response)[0].due_at


def test_one_person_gets_one_message_for_two_answers(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        action = decided(people, now)
        for words in ("The box was torn.", "And the bell was missing."):
            settled(answered(survey, now, words), action, now)
    assert compose_due(now) == 2
    (message,) = messages()
    assert "The box was torn." in message.text
    assert "And the bell was missing." in message.text


def test_one_update_a_person_a_day_the_rest_waits(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        action = decided(people, now)
        settled(answered(survey, now), action, now)
    assert compose_due(now) == 1
    with writing():
        settled(answered(survey, now, "Another thing."), action, now)
    assert compose_due(now + timedelta(hours=1)) == 0, "one today is enough"
    assert compose_due(now + timedelta(days=1)) == 1


def test_what_falls_due_today_does_not_wait(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        action = decided(people, now)
        settled(answered(survey, now), action, now)
    compose_due(now)
    with writing():
        late = answered(survey, now, "Another thing.")
        promises_of(late)[0].due_at = now + timedelta(hours=2)
        settled(late, action, now)
    assert compose_due(now + timedelta(hours=1)) == 1


def test_an_anonymous_one_is_told_on_their_own_page(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now, wants="page")
        settled(response, decided(people, now), now)
    assert compose_due(now) == 1
    (ending,) = [u for u in promises_of(response)[0].updates if u.kind == "ending"]
    assert (ending.channel, ending.message_id) == ("page", None)
    assert "We now use a stronger box." in ending.words
    assert ledger(Scope(people.webshop.id)).told_page == {"done": 1}
    assert not messages()


def test_a_no_tells_its_reason(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        settled(answered(survey, now), decided(people, now, "wont_do"), now)
    compose_due(now)
    assert "It costs more than it saves." in messages()[0].text


def test_who_is_suppressed_is_not_written_to_and_the_ledger_says_so(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
        db.session.add(_suppressed(response, now))
        settled(response, decided(people, now), now)
    compose_due(now)
    assert messages()[0].state == "suppressed"
    assert ledger(Scope(people.webshop.id)).unreachable == {"unsubscribed": 1}


def _suppressed(response: Response, now: datetime) -> Suppression:
    from core.links import keyed_hash

    return Suppression(
        organisation_id=response.organisation_id,
        address_hash=keyed_hash("rita@example.com"),
        reason="unsubscribed",
        created_at=now,
    )


def test_who_declined_is_tagged_but_owed_nothing(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now, wants="none")
        settled(response, decided(people, now), now)
    assert compose_due(now) == 0
    assert ledger(Scope(people.webshop.id)).unreachable == {"declined": 1}


def test_another_action_later_opens_a_new_promise(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
        settled(response, decided(people, now), now)
    compose_due(now)
    tomorrow = now + timedelta(days=1)
    with writing():
        tag(
            comments_of(response),
            decided(people, now, "thanks", words={"en": "Thank you for the bell."}),
            None,
            timedelta(),
            tomorrow,
        )
    assert compose_due(tomorrow) == 1
    assert [p.ended_as for p in promises_of(response)] == ["told", "told"]
    assert "Thank you for the bell." in messages()[-1].text
    assert "stronger box" not in messages()[-1].text, "nobody is told the same thing twice"


def test_what_was_told_is_kept_as_it_was_read(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        action = decided(people, now, "planned")
        settled(answered(survey, now), action, now)
    compose_due(now)
    told = db.session.scalars(select(Told)).one()
    assert (told.kind, told.due_on) == ("planned", action.due_on)


def test_a_bare_score_hears_the_digest_once_it_is_approved(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now, comment="")
    assert compose_due(now) == 0
    with writing():
        response.round.digest, response.round.approved_at = (
            {"nl": "U zei, wij deden.", "en": "You said boxes, we bought boxes."},
            now,
        )
    assert compose_due(now) == 1
    assert messages()[0].kind == "digest"
    assert "You said boxes, we bought boxes." in messages()[0].text
    assert compose_due(now) == 0
