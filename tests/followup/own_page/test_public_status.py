"""The respondent's own page: their words, what is owed and by whom, what was done."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import links
from core.access import Role
from core.db import db, writing
from customers.recognising import Contact
from followup.no_news import compose_moves, compose_no_news
from followup.receipts import compose_receipts
from outbox.models import Message
from outbox.suppressing import suppress
from promises.moving import When, move
from surveys.answering import Submission, submit
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey
from tests.cast import Cast
from tests.followup.respondent import new, page_of, told
from tests.loop import day, opened_survey, promises_of

pytestmark = pytest.mark.usefixtures("monday")


def test_after_an_answer_it_says_thank_you_and_what_is_promised(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    page = page_of(client, new(survey, now))
    assert page.status == 200
    assert page.heading == "Thank you. You hear from Alice Adams by Monday 30 November 2026."
    for words in (
        "what we did, or decided, with your answer",
        "Alice Adams",
        "Monday 30 November 2026",
        "by mail",
        "in 7 days",
    ):
        assert words in page.words
    assert "The box was torn." in page.words, "their own words"
    assert "How satisfied are you? 2 (dissatisfied)" in page.words


def test_it_is_kept_by_nobody_on_the_way_and_sets_no_cookie(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    page = page_of(client, new(survey, now))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page.headers


def test_it_speaks_the_language_they_answered_in(client: FlaskClient, survey: Survey, now: datetime) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = page_of(client, new(survey, now, language="nl"))
    assert '<html lang="nl"' in page.html
    assert "Hoe tevreden bent u?" in page.words


def test_a_human_can_be_reached_from_here(client: FlaskClient, survey: Survey, now: datetime) -> None:
    with writing():
        survey.organisation.phone = "043 123 45 67"
    page = page_of(client, new(survey, now))
    assert "Open now, until 17:00." in page.words
    assert page.links()["043 123 45 67"] == "tel:0431234567"


def test_a_promise_in_hours_says_the_time(client: FlaskClient, people: Cast, now: datetime) -> None:
    from surveys.builder.building import ReplyTime

    with writing():
        quick = opened_survey(people, now, "snel", reply=ReplyTime(None, 4))
    assert "before 14:30" in page_of(client, new(quick, now)).words


def test_what_was_done_is_told_in_the_words_of_the_mail(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    response = new(survey, now)
    told(people, response, now)
    page = page_of(client, response)
    assert page.heading == "What was done with your answer"
    assert "Done on 23 November 2026 We now use a stronger box." in page.words
    assert "Mail sent: “Done: what we changed after your answer about “Your order””" in page.words


def test_a_no_comes_with_its_reason(client: FlaskClient, people: Cast, survey: Survey, now: datetime) -> None:
    response = new(survey, now)
    told(people, response, now, "wont_do")
    assert (
        "We decided not to do this We now use a stronger box. The reason: It costs more than it saves."
        in page_of(client, response).words
    )


def test_the_newest_word_stands_first(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    response = new(survey, now)
    told(people, response, now, "planned")
    later = now + timedelta(days=2)
    told(people, response, later, "done")
    words = page_of(client, response).words
    assert words.index("Done on 25 November 2026") < words.index(
        "Planned for 30 November 2026, by Bob Bakker"
    )


def test_no_news_is_said_as_it_is_with_the_next_date(
    client: FlaskClient, survey: Survey, now: datetime, monday: time_machine.Traveller
) -> None:
    response = new(survey, now)
    afternoon = datetime.fromisoformat("2026-11-30T14:30+01:00")
    assert compose_no_news(afternoon) == 1
    monday.move_to(afternoon)
    page = page_of(client, response)
    assert "There is no news yet. You hear from Alice Adams by Monday 7 December 2026." in page.words
    assert page.heading == "Thank you. You hear from Alice Adams by Monday 7 December 2026."


def test_a_moved_date_comes_with_its_reason(client: FlaskClient, survey: Survey, now: datetime) -> None:
    response = new(survey, now)
    with writing():
        move(
            promises_of(response)[0],
            When.by(day("2026-12-04"), "Europe/Amsterdam"),
            "The part comes from Italy",
            Role.agent,
            now,
        )
    assert compose_moves(now) == 1
    words = page_of(client, response).words
    assert (
        "The reason: The part comes from Italy. You hear from Alice Adams by Friday 4 December 2026." in words
    )


def test_a_date_that_passed_is_not_hidden(
    client: FlaskClient, survey: Survey, now: datetime, monday: time_machine.Traveller
) -> None:
    response = new(survey, now)
    monday.move_to(now + timedelta(days=9))
    words = page_of(client, response).words
    assert "2 days late" in words
    assert "This date has passed and we did not keep it." in words


def test_who_asked_for_no_word_is_thanked_and_asked_nothing(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    page = page_of(client, new(survey, now, wants="none"))
    assert "As you asked, we do not report back." in page.words
    assert "Your verdict" not in page.words
    assert "Keep this address" not in page.words


def test_who_is_unknown_is_told_to_keep_the_address(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    response = new(survey, now, wants="page")
    page = page_of(client, response)
    address = links.url("status", response.id, response.link_version)
    assert page.links()[address] == address
    assert "The answer appears on this page." in page.words
    assert "How on this page" in page.words
    assert "on a page of its own" not in page.words, "they are on it"


def test_an_unknown_one_reads_it_here(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    response = new(survey, now, wants="page")
    told(people, response, now)
    page = page_of(client, response)
    assert "We now use a stronger box." in page.words
    assert "Written on this page" in page.words
    assert db.session.scalar(select(func.count(Message.id))) == 0


def test_who_stopped_the_mail_reads_it_here(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    response = new(survey, now)
    with writing():
        suppress(people.webshop.id, "rita@example.com", "unsubscribed", now)
    assert "You get no mail from us, so the answer appears on this page." in page_of(client, response).words
    told(people, response, now)
    page = page_of(client, response)
    assert "We now use a stronger box." in page.words
    assert "Not mailed, since you get no mail from us; it stands on this page" in page.words


@pytest.mark.parametrize(("state", "words"), [
    ("queued", "Mail waiting to be sent"), ("unknown", "It is not certain whether this mail arrived"),
    ("failed", "This mail did not arrive; it stands on this page"), ("bounced", "This mail did not arrive; it stands on this page"),
    ("cancelled", "Mail taken back before it was sent"),
])  # fmt: skip
def test_what_became_of_a_message_is_said_as_it_is(
    client: FlaskClient, survey: Survey, now: datetime, state: str, words: str
) -> None:
    response = new(survey, now)
    compose_receipts(now)
    with writing():
        message = db.session.scalars(select(Message)).one()
        message.state, message.sent_at = state, now if state == "bounced" else None
    assert words in page_of(client, response).words


def test_a_message_that_is_gone_is_said_to_be_missing(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    response = new(survey, now)
    compose_receipts(now)
    with writing():
        db.session.delete(db.session.scalars(select(Message)).one())
    assert "A message that should be here is missing" in page_of(client, response).words


def test_only_their_own_words_are_quoted_however_long_what_they_chose_is(
    client: FlaskClient, people: Cast, now: datetime
) -> None:
    long = {"choices": [{"key": "1", "words": {"en": "The time before somebody answers the phone"}}]}
    asked = (
        Draft("about", "single_choice", {"en": "What was it about?"}, options=long),
        Draft("comment", "long_text", {"en": "Why?"}),
    )
    with writing():
        made = create_survey(
            people.webshop.id, "gekozen", {"en": "Chosen"}, "en", people.alice.id, asked, now
        )
        open_survey(made, now)
    sent = Submission({"about": (None, "1"), "comment": (None, "Late.")}, "en", "once", Contact(), "page")
    with writing():
        response = submit(made, sent, now)
    page = page_of(client, response)
    quoted = [" ".join("".join(q.itertext()).split()) for q in page.tree.iter("blockquote")]
    assert quoted == ["Late."]
    assert "What was it about? The time before somebody answers the phone" in page.words
