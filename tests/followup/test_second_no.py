"""A no lands on a named person's desk; a second one goes to a manager, who may call."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db, writing
from followup.judging import Judgement, judge, refused_before
from followup.models import Verdict
from followup.receipts import compose_receipts
from outbox.models import Message
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast, make_staff
from tests.followup.respondent import page_of, told
from tests.loop import answered, promises_of
from tests.pages import Page, get, send
from triage.commenting import comments_of
from triage.models import Comment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now + DAY + 4 * HOUR, tick=False) as traveller:
        yield traveller


@pytest.fixture
def told_again(people: Cast, rita: Response, now: datetime) -> Response:
    """She said no, and was told once more."""
    says_no(rita, now + HOUR)
    told(people, rita, now + DAY, "wont_do")
    return rita


def says_no(response: Response, at: datetime, phone: str = "") -> Comment:
    with writing():
        judge(response, Judgement(None, False, "Still torn.", f"n{at}", emotion="angry", phone=phone), at)
    return comments_of(response)[0]


def test_the_first_no_lies_on_the_desk_of_who_promises_the_next_word(
    people: Cast, rita: Response, now: datetime
) -> None:
    comment = says_no(rita, now + HOUR)
    assert comment.assignee == promises_of(rita)[-1].who
    assert comment.assignee == people.alice
    assert comment.escalated_at is None


def test_whose_work_it_was_keeps_it(people: Cast, rita: Response, now: datetime) -> None:
    with writing():
        comments_of(rita)[0].assignee = people.bob
    assert says_no(rita, now + HOUR).assignee == people.bob


def test_the_same_no_said_twice_is_not_a_second_one(rita: Response, now: datetime) -> None:
    says_no(rita, now + HOUR)
    assert not refused_before(rita)
    assert says_no(rita, now + 2 * HOUR).escalated_at is None


@pytest.mark.both_databases
def test_a_second_no_goes_to_a_manager_who_promises_in_their_own_name(
    people: Cast, told_again: Response, now: datetime
) -> None:
    with writing():
        mary = make_staff(people.webshop, "Mary Manager", "manager", now)
    comment = says_no(told_again, now + DAY + HOUR)
    assert (comment.assignee, comment.escalated_at) == (mary, now + DAY + HOUR)
    promise = promises_of(told_again)[-1]
    assert (promise.because, promise.who, promise.ended_at) == ("not_solved", mary, None)
    assert compose_receipts(now + DAY + HOUR) == 1
    assert "Mary Manager" in last_mail().subject


def test_where_there_is_one_manager_it_is_theirs(people: Cast, told_again: Response, now: datetime) -> None:
    assert says_no(told_again, now + DAY + HOUR).assignee == people.alice


def test_a_manager_who_is_away_is_not_asked(people: Cast, told_again: Response, now: datetime) -> None:
    with writing():
        mary = make_staff(people.webshop, "Mary Manager", "manager", now)
        mary.memberships[0].away_until = now + timedelta(days=7)
    assert says_no(told_again, now + DAY + HOUR).assignee == people.alice


def last_mail() -> Message:
    return db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()


def test_who_gave_a_number_is_promised_a_call_and_the_number_travels_nowhere(
    told_again: Response, now: datetime
) -> None:
    says_no(told_again, now + DAY + HOUR, phone="06 12 34 56 78")
    compose_receipts(now + DAY + HOUR)
    assert "What: a call about what is not solved" in last_mail().text
    assert "How: by phone" in last_mail().text
    assert "12 34" not in last_mail().text + last_mail().html


# On the page


def test_the_page_offers_a_call_before_a_second_no_and_not_before_the_first(
    client: FlaskClient, rita: Response, people: Cast, now: datetime
) -> None:
    assert "may we call you?" not in page_of(client, rita).words
    says_no(rita, now + HOUR)
    told(people, rita, now + DAY, "wont_do")
    page = page_of(client, rita)
    assert "If not: may we call you?" in page.words
    answer = send(client, page, solved="no", emotion="frustrated", phone="+31 (0)43-123 45 67")
    assert answer.status_code == 303
    verdict = db.session.scalars(select(Verdict).order_by(Verdict.id.desc()).limit(1)).one()
    assert (verdict.emotion, verdict.phone) == ("frustrated", "+31 (0)43-123 45 67")
    after = get(client, answer.location)
    assert "a call about what is not solved" in after.words
    assert "You said: this does not solve it · You feel: frustrated." in after.words


@pytest.mark.parametrize("typed", ["call me", "12345", "0" * 41, "<script>alert(1)</script>"])
def test_what_cannot_be_called_is_refused_and_kept(
    client: FlaskClient, told_again: Response, typed: str
) -> None:
    page = Page(send(client, page_of(client, told_again), solved="no", phone=typed))
    assert page.status == 422
    assert page.errors() == {"phone": "This is not a phone number. An example is 043 123 45 67."}
    assert page.form()["phone"] == typed
    assert page.form()["solved"] == "no"


def test_a_number_from_whom_it_was_not_asked_is_not_kept(client: FlaskClient, rita: Response) -> None:
    send(client, page_of(client, rita), solved="no", phone="06 12 34 56 78")
    assert db.session.scalars(select(Verdict)).one().phone == ""


def test_a_feeling_that_is_none_is_refused(client: FlaskClient, rita: Response) -> None:
    page = Page(send(client, page_of(client, rita), solved="yes", emotion="furious"))
    assert (page.status, page.errors()) == (422, {"emotion": "Choose one of the answers shown here."})


def test_the_history_says_what_was_promised_and_how_it_ended(
    client: FlaskClient, told_again: Response
) -> None:
    words = page_of(client, told_again).words
    assert words.count("Promised: you hear from us by 30 November 2026") == 2
    assert words.count("Kept: we wrote by the promised date, 30 November 2026") == 2


def test_a_late_word_is_said_to_be_late(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
    told(people, response, now + timedelta(days=9))
    assert (
        "Late: we wrote 2 days after the promised date, 30 November 2026" in page_of(client, response).words
    )


# At the desk


def test_a_second_no_tops_the_inbox_with_its_history_and_number(
    alice: Colleague, told_again: Response, survey: Survey, now: datetime
) -> None:
    with writing():
        answered(survey, now - timedelta(days=6), "An older one, due before it.", email="x@example.com")
    says_no(told_again, now + DAY + HOUR, phone="06 12 34 56 78")
    words = get(alice, "/inbox").words
    assert words.index("not solved again: for a manager") < words.index("An older one")
    page = get(alice, f"/comments/{comments_of(told_again)[0].id}")
    assert "May be called: 06 12 34 56 78" in page.words
    assert "angry" in page.words
    assert "Not solved a second time: it went to a manager" in page.words
    assert "not solved" in get(alice, f"/responses/{told_again.id}").words


def test_when_it_is_answered_it_stands_in_line_again(
    alice: Colleague, people: Cast, told_again: Response, now: datetime
) -> None:
    says_no(told_again, now + DAY + HOUR)
    told(people, told_again, now + 2 * DAY)
    assert "not solved again" not in get(alice, "/inbox").words
