"""What comes due tops each person's day: their own comments first, their plans, and whom they ask again."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from accounts.models import Membership
from accounts.people import away
from accounts.presence import membership
from core.db import writing
from followup.composing import compose_due
from promises.queries import mine
from surveys.models import Survey
from tests.browser import signed_in
from tests.cast import Cast
from tests.desk import said
from tests.loop import day, decided, settled
from tests.pages import get
from triage.inbox import inbox, segments
from triage.inbox.filters import Filters
from triage.waiting import Waiting, wait

ZONE = "Europe/Amsterdam"


@pytest.mark.both_databases
@pytest.mark.parametrize("size", [1, 50])
def test_mine_and_due_soon_comes_first_then_what_is_owed_first(
    people: Cast, survey: Survey, now: datetime, size: int
) -> None:
    others = said(survey, now - timedelta(days=3), "Alice's, due first", email="a@example.com")
    mine = said(survey, now, "given to Bob, due later", email="b@example.com")
    with writing():
        mine.assignee_id = people.bob.id
    assert words(people.bob.id, people, now + timedelta(days=6), size) == [mine.text, others.text]
    assert words(people.alice.id, people, now + timedelta(days=6), size) == [others.text, mine.text]
    assert words(people.bob.id, people, now, size) == [others.text, mine.text], "not yet: it is due in a week"


def words(staff_id: int, people: Cast, now: datetime, size: int) -> list[str]:
    """The inbox of one person, read page after page."""
    desk, after, found = segments.Desk(people.webshop.id, staff_id, now + timedelta(days=2)), "", list[str]()
    while True:
        page = inbox.page(desk, Filters(), after, now, ZONE, size)
        found += [row.text for row in page.rows]
        if not page.next:
            return found
        after = page.next


def test_my_plans_stand_above_it_when_they_fall_due(
    app: Flask, people: Cast, monday: time_machine.Traveller, now: datetime
) -> None:
    with writing():
        decided(people, now, "planned", due_on=day("2026-11-30"))
    assert "Your plans today" not in get(signed_in(app, people.bob), "/inbox").words
    monday.move_to(now + timedelta(days=4))
    assert "Your plans today" in get(signed_in(app, people.bob), "/inbox").words, (
        "on Friday, what is due on Monday"
    )
    assert "Your plans today" not in get(signed_in(app, people.alice), "/inbox").words


def test_whom_i_ask_again_stands_there_on_the_day(
    app: Flask, people: Cast, monday: time_machine.Traveller, now: datetime
) -> None:
    with writing():
        plan = decided(people, now, "planned", due_on=day("2026-12-18"))
        wait(plan, Waiting({"en": "the supplier"}, day("2026-11-19"), day("2026-11-26")), now.date(), now)
    assert "ask again" not in get(signed_in(app, people.bob), "/inbox").words
    monday.move_to(now + timedelta(days=3))
    assert "ask again today: the supplier" in get(signed_in(app, people.bob), "/inbox").words


def test_promises_of_mine_that_are_due_stand_on_top(
    app: Flask,
    people: Cast,
    survey: Survey,
    monday: time_machine.Traveller,
    now: datetime,
) -> None:
    comment = said(survey, now)
    with writing():
        settled(comment.response, decided(people, now, "planned"), now)
    compose_due(now)
    monday.move_to(now + timedelta(days=6))
    assert "Yours, late or due by tomorrow" in get(signed_in(app, people.bob), "/promises").words
    assert "Yours, late or due by tomorrow" not in get(signed_in(app, people.alice), "/promises").words
    assert "Yours, late or due by tomorrow" not in get(signed_in(app, people.bob), "/promises?due=late").words


@pytest.mark.both_databases
def test_what_falls_to_a_colleague_who_is_away_is_mine_as_their_deputy(
    people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    later = now + timedelta(days=6)
    assert [line.id for line in mine(people.webshop.id, people.bob.id, later, ZONE)] == []
    with writing():
        away(held(people), now + timedelta(days=30), now)
    (line,) = mine(people.webshop.id, people.bob.id, later, ZONE)
    assert (line.response_id, line.who) == (comment.response_id, "Alice Adams")
    other = said(survey, now - timedelta(days=1), "another")
    with writing():
        other.assignee_id = people.alice.id
    assert words(people.bob.id, people, later, 50) == [other.text, comment.text], (
        "what was given to her too: it is due first"
    )


def held(people: Cast) -> Membership:
    found = membership(people.webshop.id, people.alice.id)
    assert found
    return found
