"""A mail that answers none of our messages, and says what its sender said elsewhere: laid with it by a colleague."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from followup.composing import compose_due
from followup.joined.joining import Asking, handle_as_one
from followup.models_replies import Reply
from outbox.incoming.models import IncomingMessage
from outbox.incoming.receiving import receive
from outbox.models import Message
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, opened_survey, promises_of, settled
from tests.pages import get
from triage.models import Comment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = "The kettle came with a cracked lid and it leaks boiling water."
OFFER = "also said this by mail on"


@pytest.fixture
def asked(survey: Survey, now: datetime) -> Comment:
    return said(survey, now, WORDS)


def wrote(people: Cast, at: datetime, words: str, sender: str = "rita@example.com") -> IncomingMessage:
    """A mail of their own accord, as it comes in to the webshop."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "info@shop.example", "Kettle"
    mail["Message-ID"], mail["Date"] = f"<{at.timestamp()}@example.com>", format_datetime(at)
    mail.set_content(words)
    with writing():
        receive(bytes(mail), at)
        came = db.session.scalars(select(IncomingMessage)).one()
        came.organisation_id = people.webshop.id  # whoever wrote to them last, had we written
    return came


@pytest.fixture
def mail(people: Cast, asked: Comment, now: datetime) -> IncomingMessage:
    return wrote(people, now + HOUR, "Your kettle has a cracked lid and leaks boiling water everywhere.")


def laid(who: Colleague, comment: Comment, came: IncomingMessage) -> str:
    answer = who.post(f"/comments/{comment.id}/mails", data={"came_id": str(came.id)})
    return get(who, answer.location).words


def taken_off(who: Colleague, came: IncomingMessage) -> str:
    return get(who, who.post(f"/mailbox/incoming/{came.id}/undoing").location).words


def told() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "update").order_by(Message.id)))


def test_it_is_offered_with_both_texts_and_laid_with_one_click(
    bob: Colleague, asked: Comment, mail: IncomingMessage
) -> None:
    page = get(bob, f"/comments/{asked.id}").words
    assert OFFER in page
    assert mail.text.strip() in page
    after = laid(bob, asked, mail)
    assert "Handled as one: the mail lies with this comment" in after
    assert "Laid with this comment by a colleague" in after
    assert OFFER not in after
    db.session.expire_all()
    assert mail.outcome == "attached"


def test_one_message_answers_the_survey_and_the_mail(
    people: Cast, bob: Colleague, asked: Comment, mail: IncomingMessage, now: datetime
) -> None:
    laid(bob, asked, mail)
    with writing():
        settled(asked.response, decided(people, now), now + 2 * HOUR)
    compose_due(now + 2 * HOUR)
    (message,) = told()
    assert message.headers["In-Reply-To"] == mail.thread[-1], "it is an answer to their mail"
    assert message.text.count("We now use a stronger box.") == 1
    assert [p.ended_as for p in promises_of(asked.response)] == ["told"]


def test_who_was_told_before_they_wrote_is_owed_a_word_again(
    people: Cast, bob: Colleague, asked: Comment, mail: IncomingMessage, now: datetime
) -> None:
    with writing():
        settled(asked.response, decided(people, now), now)
    compose_due(now)
    laid(bob, asked, mail)
    assert [p.because for p in promises_of(asked.response)][-1] == "reply"


def test_what_was_told_since_answered_it_too(
    people: Cast, bob: Colleague, asked: Comment, mail: IncomingMessage, now: datetime
) -> None:
    with writing():
        settled(asked.response, decided(people, now), now)
    compose_due(now + 2 * HOUR)
    laid(bob, asked, mail)
    assert [p.ended_as for p in promises_of(asked.response)] == ["told"], "nothing is owed"
    db.session.expire_all()
    assert asked.reopened_at is None


def test_taken_off_it_stands_by_itself_again(bob: Colleague, asked: Comment, mail: IncomingMessage) -> None:
    laid(bob, asked, mail)
    assert "The mail stands by itself again" in taken_off(bob, mail)
    assert "This mail lies with no answer" in taken_off(bob, mail), "twice is said"
    db.session.expire_all()
    assert (mail.outcome, asked.reopened_at) == ("unmatched", None)
    assert db.session.scalars(select(Reply)).all() == []
    assert OFFER in get(bob, f"/comments/{asked.id}").words


def test_in_two_windows(bob: Colleague, alice: Colleague, asked: Comment, mail: IncomingMessage) -> None:
    laid(bob, asked, mail)
    assert "laid with an answer already" in laid(alice, asked, mail)


def test_a_mail_of_somebody_else_is_neither_offered_nor_laid(
    people: Cast, bob: Colleague, asked: Comment, now: datetime
) -> None:
    other = wrote(people, now, WORDS, "otto@example.com")
    assert OFFER not in get(bob, f"/comments/{asked.id}").words
    assert "does not come from an address of theirs" in laid(bob, asked, other)


def test_another_complaint_is_not_offered(
    people: Cast, bob: Colleague, asked: Comment, now: datetime
) -> None:
    wrote(people, now, "Please send the invoice of the toaster to my office in Utrecht.")
    assert OFFER not in get(bob, f"/comments/{asked.id}").words


def test_an_anonymous_answer_gets_none(bob: Colleague, asked: Comment, mail: IncomingMessage) -> None:
    with writing():
        asked.response.survey.anonymous = True
    assert OFFER not in get(bob, f"/comments/{asked.id}").words
    assert "Nobody knows who said this" in laid(bob, asked, mail)


def test_a_stranger_finds_nothing(
    bob: Colleague, charlie: Colleague, vera: Colleague, asked: Comment, mail: IncomingMessage
) -> None:
    data = {"came_id": str(mail.id)}
    assert charlie.post(f"/comments/{asked.id}/mails", data=data).status_code == 404
    assert vera.post(f"/comments/{asked.id}/mails", data=data).status_code == 403
    assert bob.post(f"/comments/{asked.id}/mails", data={"came_id": "999999"}).status_code == 404
    assert charlie.post(f"/mailbox/incoming/{mail.id}/undoing").status_code == 404
    assert "Choose what says the same." in get(bob, bob.post(f"/comments/{asked.id}/mails").location).words


def test_what_was_written_about_any_of_those_that_stand_as_one_is_read_on_the_desk(
    people: Cast, bob: Colleague, asked: Comment, mail: IncomingMessage, now: datetime
) -> None:
    with writing():
        helpdesk = opened_survey(people, now, "helpdesk")
    phoned = said(helpdesk, now, WORDS, source="phone")
    laid(bob, phoned, mail)
    with writing():
        handle_as_one(asked, [phoned], Asking(None, HOUR, now.date(), now))
    assert mail.text.strip() in get(bob, f"/comments/{asked.id}").words
