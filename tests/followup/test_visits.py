"""Who has the same comment open: said on the page while it lasts, and by nobody who only reads a link."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from time_machine import Traveller

from core.db import db, writing
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, said
from tests.loop import decided
from tests.pages import get
from triage import visiting
from triage.models import Comment
from triage.models_visits import Visit

OPEN = "Bob Bakker has had this open since 10:30."


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now)


def beat(colleague: Colleague, comment: Comment, **sent: str) -> str:
    answer = colleague.post(f"/comments/{comment.id}/visit", data=sent)
    assert answer.status_code in {200, 204}
    return answer.text


def test_who_opens_it_reads_who_has_it_open(alice: Colleague, bob: Colleague, comment: Comment) -> None:
    assert OPEN not in beat(bob, comment), "nobody is told of themselves"
    assert OPEN in get(alice, f"/comments/{comment.id}").words
    assert OPEN in beat(alice, comment)


def test_since_when_stays_while_the_page_says_so(
    alice: Colleague, bob: Colleague, comment: Comment, monday: Traveller, now: datetime
) -> None:
    for seconds in range(0, 300, visiting.BEAT):
        monday.move_to(now + timedelta(seconds=seconds))
        beat(bob, comment)
    assert OPEN in beat(alice, comment)


def test_who_closed_it_is_gone_within_two_minutes(
    alice: Colleague, bob: Colleague, comment: Comment, monday: Traveller, now: datetime
) -> None:
    beat(bob, comment)
    monday.move_to(now + timedelta(seconds=119))
    assert "has had this open" not in get(alice, f"/comments/{comment.id}").words
    monday.move_to(now + timedelta(minutes=40))
    beat(bob, comment)
    assert "Bob Bakker has had this open since 11:10." in beat(alice, comment), (
        "and comes back as somebody new"
    )


def test_looking_at_the_page_writes_nothing(alice: Colleague, bob: Colleague, comment: Comment) -> None:
    get(bob, f"/comments/{comment.id}")
    assert db.session.scalar(select(func.count()).select_from(Visit)) == 0
    assert "has had this open" not in get(alice, f"/comments/{comment.id}").words


def test_what_is_the_same_is_not_said_again(alice: Colleague, bob: Colleague, comment: Comment) -> None:
    beat(bob, comment)
    first = beat(alice, comment)
    shown = first.split('name="shown" value="')[1].split('"')[0]
    assert alice.post(f"/comments/{comment.id}/visit", data={"shown": shown}).status_code == 204


def test_what_was_done_since_the_page_was_made_is_said_while_she_types(
    alice: Colleague, bob: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    with writing():
        action = decided(people, now)
    to = f"/comments/{comment.id}/settlement"
    seen = form_to(get(alice, f"/comments/{comment.id}"), to)["seen"]
    bob.post(to, data={"choice": str(action.id)})
    words = beat(alice, comment, seen=seen)
    assert "<b>Bob Bakker:</b> The action “Stronger boxes” was chosen" in words
    assert "before anything is said you are asked" in words


def test_it_keeps_nobody_signed_in(
    bob: Colleague, comment: Comment, monday: Traveller, now: datetime
) -> None:
    """A page that lies open is no colleague at a desk: an hour later somebody else may sit there."""
    for minutes in (20, 40, 59):
        monday.move_to(now + timedelta(minutes=minutes))
        beat(bob, comment)
    monday.move_to(now + timedelta(minutes=61))
    assert bob.post(f"/comments/{comment.id}/visit").status_code == 401
    assert "Bob Bakker" not in bob.get(f"/comments/{comment.id}").text


def test_one_s_own_visits_are_cleared_away(
    bob: Colleague, survey: Survey, comment: Comment, monday: Traveller, now: datetime
) -> None:
    beat(bob, comment)
    monday.move_to(now + timedelta(minutes=5))
    beat(bob, said(survey, now, email="other@example.com"))
    assert db.session.scalar(select(func.count()).select_from(Visit)) == 1


def test_a_stranger_finds_no_comment(charlie: Colleague, comment: Comment) -> None:
    assert charlie.post(f"/comments/{comment.id}/visit").status_code == 404


@pytest.mark.both_databases
def test_both_databases_keep_the_first_moment(people: Cast, comment: Comment, now: datetime) -> None:
    for seconds in (0, 30, 60):
        with writing():
            visiting.visit(comment.id, people.bob.id, now + timedelta(seconds=seconds))
    (other,) = visiting.others(comment.id, people.alice.id, now + timedelta(seconds=100))
    assert (other.name, other.since) == ("Bob Bakker", now)
