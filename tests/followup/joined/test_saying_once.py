"""The same complaint, said in several ways: told once on each channel, on every page, and each answer adds up."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from followup.composing import compose_due
from followup.invitations.check_back import compose_check_backs
from followup.models import CheckBack, Told
from followup.no_news import compose_no_news
from followup.previewing import previews
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Update
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey, promises_of
from tests.other_ways import asked_by, offering
from tests.pages import get
from triage import joining
from triage.commenting import comments_of
from triage.joining import with_the_same
from triage.models import Action, Comment, Tag
from triage.tagging import tag

NOW = timedelta()
HOLD = timedelta(minutes=15)
DAY = timedelta(days=1)


@pytest.fixture
def helpdesk(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now, "helpdesk")


@pytest.fixture
def asked(survey: Survey, now: datetime) -> Response:
    with writing():
        return answered(survey, now, "The box was torn.")


@pytest.fixture
def mailed(helpdesk: Survey, now: datetime, asked: Response) -> Response:
    with writing():
        return answered(helpdesk, now, "My box came torn.")


@pytest.fixture
def done(people: Cast, now: datetime) -> Action:
    with writing():
        return decided(people, now)


def comment(response: Response) -> Comment:
    return comments_of(response)[0]


def join(one: Response, other: Response, now: datetime) -> None:
    with writing():
        joining.join(comment(one), comment(other), 60, now)


def settle(response: Response, action: Action, now: datetime, hold: timedelta = NOW) -> list[Tag]:
    """As on the desk: all that stands there as one."""
    with writing():
        return tag(with_the_same([comment(response)]), action, None, hold, now)


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind != "receipt").order_by(Message.id)))


def sent() -> None:
    with writing():
        for message in messages():
            message.state, message.sent_at = "sent", message.created_at


def ending(response: Response) -> Update:
    promise = next(p for p in promises_of(response) if p.ended_as == "told")
    return next(u for u in promise.updates if u.kind == "ending")


@pytest.mark.both_databases
def test_one_message_at_one_address_and_the_words_on_both_pages(
    people: Cast, asked: Response, mailed: Response, done: Action, now: datetime
) -> None:
    join(asked, mailed, now)
    settle(asked, done, now)
    assert compose_due(now) == 2, "two promises are kept"
    (message,) = messages()
    assert message.text.count("We now use a stronger box.") == 1
    assert "The box was torn." in message.text
    assert "My box came torn." in message.text, "both are quoted: they wrote both"
    assert "and about the same on" in message.text
    assert message.text.count("Does this solve it?") == 1, "nobody is asked twice"
    for response in (asked, mailed):
        assert "We now use a stronger box." in ending(response).words, "on the page of each"
        assert ending(response).message_id == message.id
    sent()
    found = ledger(Scope(people.webshop.id))
    assert (found.responses, found.told, found.adds_up) == (2, 2, True), "each answer is a line"


def test_without_joining_each_is_told_apart_in_one_letter(
    asked: Response, mailed: Response, done: Action, now: datetime
) -> None:
    settle(asked, done, now)
    settle(mailed, done, now)
    compose_due(now)
    (message,) = messages()
    assert message.text.count("We now use a stronger box.") == 2


def test_who_was_told_before_they_were_joined_is_not_told_again(
    asked: Response, mailed: Response, done: Action, now: datetime
) -> None:
    settle(asked, done, now)
    compose_due(now)
    join(asked, mailed, now)
    settle(asked, done, now)
    assert compose_due(now + DAY) == 1
    (message,) = messages()
    assert ending(mailed).message_id == message.id, "told with the other"
    assert "We now use a stronger box." in ending(mailed).words


def test_what_they_wrote_after_they_were_told_is_answered_by_itself(
    helpdesk: Survey, asked: Response, done: Action, now: datetime
) -> None:
    settle(asked, done, now)
    compose_due(now)
    with writing():
        later = answered(helpdesk, now + DAY, "The box is torn again.")
    join(asked, later, now + DAY)
    settle(later, done, now + DAY)
    compose_due(now + DAY)
    assert len(messages()) == 2, "they wrote although they had heard"


def test_a_message_that_did_not_arrive_told_nobody(
    asked: Response, mailed: Response, done: Action, now: datetime
) -> None:
    settle(asked, done, now)
    compose_due(now)
    with writing():
        messages()[0].state = "failed"
    join(asked, mailed, now)
    settle(asked, done, now)
    compose_due(now + DAY)
    assert len(messages()) == 2


def test_another_action_about_one_of_them_is_told_besides(
    people: Cast, asked: Response, mailed: Response, done: Action, now: datetime
) -> None:
    join(asked, mailed, now)
    settle(asked, done, now)
    with writing():
        more = decided(
            people, now, "already", words={"nl": "De lamp zat erbij.", "en": "The lamp was there."}
        )
        tag([comment(mailed)], more, None, NOW, now)
    compose_due(now)
    (message,) = messages()
    assert message.text.count("We now use a stronger box.") == 1
    assert message.text.count("The lamp was there.") == 1


def test_each_is_told_by_its_own_channel(
    people: Cast, asked: Response, helpdesk: Survey, done: Action, now: datetime
) -> None:
    with writing():
        offering(people, "phone")
        called = asked_by("phone", helpdesk, now)
        called.customer = asked.customer
    join(asked, called, now)
    settle(asked, done, now)
    compose_due(now)
    assert [m.channel for m in messages()] == ["mail", "phone"], "once by each way they used"
    assert all(m.text.count("We now use a stronger box.") == 1 for m in messages())


def test_on_a_page_of_their_own_the_words_stand_too(
    survey: Survey, mailed: Response, done: Action, now: datetime
) -> None:
    with writing():
        page = answered(survey, now, "Torn box.")
        page.channel = promises_of(page)[0].channel = "page"
    join(page, mailed, now)
    settle(mailed, done, now)
    compose_due(now)
    assert len(messages()) == 1
    assert ending(page).channel == "page"
    assert "We now use a stronger box." in ending(page).words


def test_a_plan_is_owed_to_each_and_its_outcome_told_once(
    people: Cast, asked: Response, mailed: Response, now: datetime
) -> None:
    with writing():
        plan = decided(people, now, "planned")
    join(asked, mailed, now)
    settle(asked, plan, now)
    compose_due(now)
    (message,) = messages()
    assert message.text.count("What we promise you now:") == 1
    assert [promises_of(r)[-1].kind for r in (asked, mailed)] == ["outcome", "outcome"]
    assert len({p.due_on for p in (promises_of(asked)[-1], promises_of(mailed)[-1])}) == 1


@pytest.mark.both_databases
def test_that_there_is_no_news_is_said_once_too(
    people: Cast, survey: Survey, asked: Response, mailed: Response, now: datetime
) -> None:
    join(asked, mailed, now)
    due = promises_of(asked)[0].due_at
    assert compose_no_news(due - HOLD) == 2, "both promises are kept"
    (message,) = messages()
    assert message.kind == "no_news"
    assert {ending(r).message_id for r in (asked, mailed)} == {message.id}
    assert [promises_of(r)[-1].is_open for r in (asked, mailed)] == [True, True]
    with writing():
        alone = answered(survey, due, "The lamp is broken.")
    compose_no_news(promises_of(alone)[0].due_at - HOLD)
    assert len(messages()) == 3, "what stands alone is said by itself"


def test_whether_it_helped_is_asked_once_too(
    asked: Response, mailed: Response, done: Action, now: datetime
) -> None:
    join(asked, mailed, now)
    settle(asked, done, now)
    compose_due(now)
    later = now + timedelta(days=29)
    assert compose_check_backs(later) + compose_check_backs(later + DAY) == 2
    (_told, question) = messages()
    asked_by = select(CheckBack.message_id).where(CheckBack.response_id.in_([asked.id, mailed.id]))
    assert set(db.session.scalars(asked_by)) == {question.id}


def test_the_preview_is_the_letter(asked: Response, mailed: Response, done: Action, now: datetime) -> None:
    join(asked, mailed, now)
    (mail,) = previews([comment(asked)], done, now).mails
    assert mail.text.count("We now use a stronger box.") == 1
    assert "My box came torn." in mail.text


def test_each_line_says_what_it_was_told_with(
    alice: Colleague, asked: Response, mailed: Response, done: Action, now: datetime
) -> None:
    join(asked, mailed, now)
    settle(asked, done, now)
    assert "told with" not in get(alice, f"/responses/{mailed.id}").words, "nothing was told yet"
    compose_due(now)
    assert "told with Your order" in get(alice, f"/responses/{mailed.id}").words
    assert get(alice, "/ledger").words.count("told with") == 2, "each answer keeps its own line"


class TestUndone:
    """What was not told is put back; what was told stays."""

    def test_before_anybody_was_told(
        self, asked: Response, mailed: Response, done: Action, now: datetime
    ) -> None:
        join(asked, mailed, now)
        settle(asked, done, now, HOLD)
        with writing():
            joining.part(joining.joinings_of(comment(asked))[0], now)
        compose_due(now + HOLD)
        (message,) = messages()
        assert message.text.count("We now use a stronger box.") == 2, "two answers again, in one letter"

    def test_after_they_were_told(
        self, people: Cast, asked: Response, mailed: Response, done: Action, now: datetime
    ) -> None:
        join(asked, mailed, now)
        settle(asked, done, now)
        compose_due(now)
        with writing():
            joining.part(joining.joinings_of(comment(asked))[0], now)
        assert ending(asked).message_id == ending(mailed).message_id
        with writing():
            more = decided(
                people, now, "already", words={"en": "The lamp was there.", "nl": "De lamp zat erbij."}
            )
        settle(asked, more, now + DAY)
        compose_due(now + DAY)
        assert db.session.scalars(select(Told.action_id).where(Told.action_id == more.id)).all() == [more.id]
        assert ledger(Scope(people.webshop.id)).adds_up
