"""A threat tops the inbox of a manager at once, is written down without its words, and can be cleared."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.models import Event
from followup.judging import Judgement, judge
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.pages import get
from triage import indexing
from triage.commenting import comments_of
from triage.feeling.threatening import clear
from triage.models import Comment

THREAT = "If that driver comes again I'm going to punch him."
LEGAL = "You will hear from my solicitor."
BOTH = pytest.mark.both_databases


def events(comment: Comment) -> list[tuple[str, dict[str, object]]]:
    query = select(Event).where(Event.subject_type == "comment", Event.subject_id == comment.id)
    return [(e.verb, e.detail) for e in db.session.scalars(query.order_by(Event.id))]


@BOTH
def test_it_goes_to_a_manager_in_the_moment_of_the_answer(
    people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now, THREAT)
    assert (comment.threat, comment.threat_at, comment.escalated_at) == ("person", now, now)
    assert comment.assignee_id == people.alice.id
    assert events(comment) == [("comment.threat_found", {"kind": "person"})]
    assert indexing.astray() == []


@BOTH
def test_legal_steps_are_found_and_stay_where_they_are(survey: Survey, now: datetime) -> None:
    comment = said(survey, now, LEGAL)
    assert (comment.threat, comment.escalated_at, comment.assignee_id) == ("legal", None, None)


def test_an_ordinary_comment_holds_none(survey: Survey, now: datetime) -> None:
    comment = said(survey, now, "My back is killing me after that saddle.")
    assert (comment.threat, comment.threat_at, comment.escalated_at, events(comment)) == (
        None,
        None,
        None,
        [],
    )


@BOTH
def test_a_manager_says_it_is_none(survey: Survey, now: datetime) -> None:
    comment = said(survey, now, THREAT)
    with writing():
        clear(comment, now + timedelta(hours=1))
    assert (comment.threatens, comment.threat, comment.escalated_at) == ("", "person", None)
    with writing():
        clear(comment, now + timedelta(hours=2))
    assert [verb for verb, _ in events(comment)] == ["comment.threat_found", "comment.no_threat"]


@BOTH
def test_what_they_write_later_is_read_too(survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    later = now + timedelta(days=8)
    with writing():
        judge(comment.response, Judgement(clear=True, solved=False, words=THREAT, nonce="n"), later)
    assert (comment.threat, comment.escalated_at) == ("person", later)
    with writing():
        clear(comment, later)
        judge(
            comment.response,
            Judgement(clear=True, solved=False, words=THREAT, nonce="m"),
            later + timedelta(days=1),
        )
    assert comment.threatens == "person", "cleared once is not cleared for good"


def test_a_second_no_stays_on_top_when_the_threat_is_cleared(survey: Survey, now: datetime) -> None:
    comment = said(survey, now, THREAT)
    with writing():
        comment.escalated_at = now + timedelta(days=9)
        clear(comment, now + timedelta(days=10))
    assert comment.escalated_at == now + timedelta(days=9)


def test_the_inbox_begins_with_it(alice: Colleague, survey: Survey, now: datetime) -> None:
    grave = said(survey, now, THREAT)
    said(survey, now, email="rob@example.com")
    page = get(alice, "/inbox")
    assert "a threat: for a manager" in page.words
    assert page.words.index("punch him") < page.words.index("The box was torn")
    shown = get(alice, f"/comments/{grave.id}")
    assert "A threat against a person" in shown.words
    assert "Found by the rules: A threat against a person" in shown.words


def test_a_manager_clears_it_on_its_page(alice: Colleague, survey: Survey, now: datetime) -> None:
    comment = said(survey, now, THREAT)
    assert alice.post(f"/comments/{comment.id}/no-threat").status_code == 303
    page = get(alice, f"/comments/{comment.id}")
    assert "Warn the colleague" not in page.words
    assert "A manager said that nobody is in danger" in page.words


def test_an_agent_reads_it_and_leaves_it_to_a_manager(bob: Colleague, survey: Survey, now: datetime) -> None:
    comment = said(survey, now, THREAT)
    page = get(bob, f"/comments/{comment.id}")
    assert "A manager can say that nobody is in danger." in page.words
    assert f"/comments/{comment.id}/no-threat" not in page.html
    assert comments_of(comment.response)[0].threatens


def test_who_may_harm_themselves_is_offered_help_not_police(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now, "Honestly, I don't want to live anymore.")
    page = get(alice, f"/comments/{comment.id}")
    assert "0800-0113" in page.words
    assert "police" not in page.words
    assert "threat" not in page.words.replace("Found by the rules", ""), (
        "whoever needs help is not called a threat"
    )
    assert "may harm themselves: for a manager" in page.words
