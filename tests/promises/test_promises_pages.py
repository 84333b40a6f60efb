"""What is owed, on a page: late first; moved before it falls due, with a reason that the respondent reads."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from time_machine import Traveller

from core.db import writing
from promises.models import Promise
from promises.queries import Wanted, due, page
from surveys.builder.building import ReplyTime
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.desk import form_to, said, scored
from tests.each import each
from tests.loop import opened_survey, promises_of
from tests.pages import Page, get
from triage.models import Comment

AMSTERDAM = "Europe/Amsterdam"
LATER = {"due_on": "2026-12-04", "reason": "The boxes are at sea."}


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    """Owed by Monday 30 November."""
    return said(survey, now)


def promise(comment: Comment) -> Promise:
    return promises_of(comment.response)[-1]


@pytest.mark.both_databases
def test_the_most_overdue_stands_first_page_after_page(people: Cast, survey: Survey, now: datetime) -> None:
    for days in (1, 20, 3):
        said(survey, now - timedelta(days=days), email=f"{days}@example.com")
    for number in range(50):
        scored(survey, now, email=f"score{number}@example.com")
    first = page(people.webshop.id, Wanted(), "", now, AMSTERDAM)
    rest = page(people.webshop.id, Wanted(), first.next, now, AMSTERDAM)
    off = [line.days for line in first.lines + rest.lines]
    assert (len(first.lines), len(rest.lines), rest.next) == (50, 3, "")
    assert off == sorted(off)
    assert off[0] < 0, "late first"
    assert len({line.id for line in first.lines + rest.lines}) == 53


@pytest.mark.both_databases
def test_late_today_and_this_week_are_counted_apart(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        quick = opened_survey(people, now, "snel", reply=ReplyTime(None, 2))
    said(quick, now - timedelta(hours=3), email="late@example.com")
    said(quick, now, email="today@example.com")
    said(survey, now, email="week@example.com")
    scored(survey, now, email="later@example.com")
    found = due(people.webshop.id, now, AMSTERDAM)
    assert (found.late, found.today, found.week) == (1, 1, 1)
    for name in ("late", "today", "week"):
        assert len(page(people.webshop.id, Wanted(due=name), "", now, AMSTERDAM).lines) == 1


def test_the_list_says_what_who_and_when(bob: Colleague, comment: Comment) -> None:
    words = get(bob, "/promises").words
    assert "Rita Ritsema Your order Monday 30 November 2026 in 7 days" in words
    assert "what was done, or decided, with the answer they answered Alice Adams by mail" in words


def test_a_promise_in_hours_says_the_hour(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        quick = opened_survey(people, now, "snel", reply=ReplyTime(None, 2))
    said(quick, now)
    assert "Monday 23 November 2026 , 12:30 today" in get(bob, "/promises").words


def test_the_list_is_narrowed(bob: Colleague, people: Cast, comment: Comment) -> None:
    row = f"/promises/{promise(comment).id}"
    for query, there in (
        ("survey=bestelling", True), ("survey=other", False), ("who=alice@webshop.example", True), ("who=bob@webshop.example", False),
        ("due=week", True), ("due=late", False), ("due=nonsense", True), ("survey=%00", True),
    ):  # fmt: skip
        assert (row in get(bob, f"/promises?{query}").html) == there, query
    assert "No promise matches" in get(bob, "/promises?due=late").words


def test_nothing_owed_says_so(bob: Colleague, survey: Survey) -> None:
    assert "Nothing is owed" in get(bob, "/promises").words


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "2026-01-01T00:00:00~1",
        "2026-01-01T00:00:00+00:00~x",
        "2026-01-01T00:00:00+00:00~99999999999999999999",
    ],
)
def test_a_place_that_is_none_is_not_there(bob: Colleague, comment: Comment, after: str) -> None:
    assert bob.get("/promises", query_string={"after": after}).status_code == 404


def test_a_promise_is_moved_with_a_reason(bob: Colleague, comment: Comment) -> None:
    first = promise(comment)
    answer = bob.post(f"/promises/{first.id}/moves", data=LATER)
    second = promise(comment)
    assert (answer.status_code, answer.location) == (303, f"/promises/{second.id}")
    assert (str(second.due_on), second.reason, second.predecessor_id, second.moves) == (
        "2026-12-04",
        LATER["reason"],
        first.id,
        1,
    )
    words = get(bob, answer.location).words
    assert "promised for Monday 30 November 2026 moved" in words
    assert "The boxes are at sea." in words


@each(
    ("values", "field", "sentence"),
    [
        ({"due_on": ""}, "due_on", "Give the new date."),
        ({"due_on": "Friday"}, "due_on", "“Friday” is not a date. An example is 2026-12-04."),
        (
            {"due_on": "2026-11-30"},
            "due_on",
            "That is not later than the date that was promised, 2026-11-30.",
        ),
        (
            {"due_on": "2026-11-02"},
            "due_on",
            "That is not later than the date that was promised, 2026-11-30.",
        ),
        (
            {"due_on": "2026-12-25"},
            "due_on",
            "Friday 25 December 2026 is a public holiday. The first working day after it is Monday 28 December 2026.",
        ),
        ({"due_on": "0001-01-01"}, "due_on", "That date is too far away."),
        ({"due_on": "9999-12-31"}, "due_on", "That date is too far away."),
        ({"reason": ""}, "reason", "Give the reason: the respondent reads it together with the new date."),
        ({"reason": "   "}, "reason", "Give the reason: the respondent reads it together with the new date."),
        ({"reason": "x" * 1001}, "reason", "This text is 1001 characters long; there is room for 1000."),
        (
            {"reason": "nul \0"},
            "reason",
            "This text holds a character that cannot be kept. Please leave it out.",
        ),
    ],
)
def test_each_mistake_stands_beside_its_field(
    bob: Colleague, comment: Comment, values: dict[str, str], field: str, sentence: str
) -> None:
    id = promise(comment).id
    shown = Page(bob.post(f"/promises/{id}/moves", data=LATER | values))
    assert shown.status == 422
    assert shown.errors() == {field: sentence}
    other = "reason" if field == "due_on" else "due_on"
    assert form_to(shown, f"/promises/{id}/moves")[other] == LATER[other], "nothing that was typed is lost"
    assert promise(comment).id == id


def test_a_second_move_is_for_a_manager_and_gives_no_date(
    alice: Colleague, bob: Colleague, comment: Comment
) -> None:
    bob.post(f"/promises/{promise(comment).id}/moves", data=LATER)
    moved = promise(comment)
    again = LATER | {"due_on": "2026-12-11"}
    refused = Page(bob.post(f"/promises/{moved.id}/moves", data=again))
    assert refused.status == 403
    assert "This promise was moved before. Moving it again is for a manager." in refused.words
    assert form_to(refused, f"/promises/{moved.id}/moves")["reason"] == LATER["reason"]
    assert "Moving it again is for a manager" in get(bob, f"/promises/{moved.id}").words
    assert alice.post(f"/promises/{moved.id}/moves", data=again).status_code == 303
    assert (promise(comment).kind, promise(comment).moves) == ("update", 2)


def test_what_fell_due_can_no_longer_be_moved(
    app: Flask, people: Cast, comment: Comment, monday: Traveller
) -> None:
    id = promise(comment).id
    monday.shift(timedelta(days=8))
    bob = signed_in(app, people.bob)
    assert "It fell due before now and can no longer be moved." in get(bob, f"/promises/{id}").words
    late = Page(bob.post(f"/promises/{id}/moves", data=LATER))
    assert late.status == 409
    assert "This promise fell due before now." in late.words
    assert promise(comment).id == id


def test_moved_twice_at_once_is_said(bob: Colleague, comment: Comment) -> None:
    first = promise(comment).id
    bob.post(f"/promises/{first}/moves", data=LATER)
    late = Page(bob.post(f"/promises/{first}/moves", data=LATER))
    assert late.status == 409
    assert "This promise has ended already." in late.words


def test_roles_and_strangers(vera: Colleague, charlie: Colleague, comment: Comment) -> None:
    id = promise(comment).id
    assert vera.get(f"/promises/{id}").status_code == 200
    assert "due_on" not in get(vera, f"/promises/{id}").html, "a viewer moves nothing"
    assert vera.post(f"/promises/{id}/moves", data=LATER).status_code == 403
    assert charlie.get(f"/promises/{id}").status_code == 404
    assert charlie.post(f"/promises/{id}/moves", data=LATER).status_code == 404
    assert "Rita" not in get(charlie, "/promises").words
    assert promise(comment).id == id


def german(comment: Comment) -> int:
    with writing():
        comment.response.language = "de"
    return promise(comment).id


def test_the_field_says_in_which_language_the_reason_is_read(bob: Colleague, comment: Comment) -> None:
    """Rita's is English and the survey's is Dutch: whoever cannot write hers writes that."""
    words = get(bob, f"/promises/{promise(comment).id}").words
    assert "1 person chose English; write the reason in English." in words
    assert "Or, who cannot write that: the reason in Dutch" in words


def test_one_who_reads_the_surveys_language_asks_for_one_reason(bob: Colleague, comment: Comment) -> None:
    with writing():
        comment.response.language = "nl"
    page = get(bob, f"/promises/{promise(comment).id}")
    assert "reason_else" not in page.html
    assert "1 person chose" not in page.words


def test_a_language_nobody_speaks_here_is_seen_before_and_can_be_written(
    bob: Colleague, comment: Comment
) -> None:
    id = german(comment)
    assert "1 person chose German; write the reason in German." in get(bob, f"/promises/{id}").words
    bob.post(
        f"/promises/{id}/moves", data=LATER | {"reason": "Der Lieferant ist spät.", "reason_else": "Te laat."}
    )
    assert promise(comment).reason == "Der Lieferant ist spät."


def test_who_cannot_write_it_writes_the_surveys(bob: Colleague, comment: Comment) -> None:
    id = german(comment)
    bob.post(f"/promises/{id}/moves", data=LATER | {"reason": "", "reason_else": "De dozen zijn op zee."})
    assert promise(comment).reason == "De dozen zijn op zee."
