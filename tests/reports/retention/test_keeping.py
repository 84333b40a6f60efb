"""Choosing how long what is kept: longer at once, shorter a day later; the first time managers hear of it a week before."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core import keeping as periods
from core.db import db, writing
from core.errors import DomainError
from core.models import Event
from core.models_keeping import Keeping
from outbox.models import Message
from reports.retention import keeping
from reports.retention.keeping_jobs import forget_past_time
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.hostile import WORDS
from tests.inviting import invited
from tests.pages import Page, get
from tests.reports.retention.test_past_time import DAY, YEAR, all_may_go, told

PAGE = "/settings/keeping"
USUAL = {
    "answers": "730", "unnamed": "always", "messages": "365", "incoming": "365", "invitations": "365",
    "unfinished": "14", "reports": "1825", "technical": "180", "sign_ins": "90",
}  # fmt: skip


def row_of(people: Cast) -> Keeping:
    db.session.rollback()
    row = periods.row_of(people.webshop.id)
    assert row
    return row


def chosen(people: Cast, now: datetime, **wanted: int | None) -> None:
    with writing():
        keeping.choose(people.webshop.id, wanted, now)


def sent(alice: Colleague, **typed: str) -> Page:
    return Page(alice.post(PAGE, data={**USUAL, **typed}))


def letters() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "alert").order_by(Message.id)))


def test_what_nobody_chose_is_as_usual(people: Cast) -> None:
    held = periods.kept(people.webshop.id)
    assert {k: "always" if days is None else str(days) for k, days in held.items()} == USUAL


@pytest.mark.parametrize("category", periods.CATEGORIES.values(), ids=lambda c: c.key)
def test_the_usual_period_can_be_chosen(category: periods.Category) -> None:
    assert category.usual in category.choices


def test_longer_holds_at_once(people: Cast, now: datetime) -> None:
    chosen(people, now, answers=1825, reports=None)
    held = periods.kept(people.webshop.id)
    assert (held["answers"], held["reports"], row_of(people).shorter_at) == (1825, None, None)


def test_shorter_holds_a_day_later(people: Cast, survey: Survey, now: datetime) -> None:
    response = told(people, survey, now - YEAR)
    all_may_go(people)
    chosen(people, now, answers=180)
    row = row_of(people)
    assert (row.shorter, row.shorter_at, row.shorter_by) == ({"answers": 180}, now + DAY, "clock")
    forget_past_time(now + timedelta(hours=1))
    db.session.rollback()
    assert response.erased_at is None
    forget_past_time(now + DAY)
    db.session.rollback()
    assert response.past_time
    assert (row_of(people).days["answers"], row_of(people).shorter) == (180, {})


def test_it_is_taken_back_by_choosing_what_was_there_before(people: Cast, now: datetime) -> None:
    chosen(people, now, answers=180, messages=90)
    chosen(people, now, answers=730)
    assert row_of(people).shorter == {"messages": 90}
    chosen(people, now, messages=365)
    assert (row_of(people).shorter, row_of(people).shorter_at, row_of(people).shorter_by) == ({}, None, "")


def test_choosing_the_same_again_does_not_make_it_wait_longer(people: Cast, now: datetime) -> None:
    chosen(people, now, answers=180)
    chosen(people, now + timedelta(hours=5), answers=180)
    assert row_of(people).shorter_at == now + DAY


@pytest.mark.parametrize("wanted", [{"answers": 1}, {"answers": 0}, {"sign_ins": None}, {"cookies": 30}])
def test_only_what_is_in_the_list_can_be_chosen(people: Cast, now: datetime, wanted: dict[str, int]) -> None:
    with pytest.raises(DomainError, match="Choose one of the periods"):
        chosen(people, now, **wanted)


def test_who_chose_what_is_in_the_history(people: Cast, now: datetime) -> None:
    chosen(people, now, answers=180, reports=None)
    event = db.session.scalars(select(Event).where(Event.verb == "keeping.chosen")).one()
    assert event.detail == {"longer": {"reports": None}, "shorter": {"answers": 180}}


@pytest.mark.both_databases
def test_before_the_first_time_managers_read_what_goes_on_which_monday(
    people: Cast, survey: Survey, now: datetime
) -> None:
    response = told(people, survey, now - 2 * YEAR)
    with writing():
        invited(survey, now - 2 * YEAR, "silent@example.com")
    forget_past_time(now)
    db.session.rollback()
    (letter,) = letters()
    assert letter.recipient == "alice@webshop.example"
    assert letter.subject == "On Monday 30 November data is forgotten whose time is over"
    for sentence in (
        "1 answer loses its name and its words",
        "3 messages lose their words",
        "/settings/keeping",
    ):
        assert sentence in letter.text
    assert "Rita" not in letter.text + letter.html
    assert (response.erased_at, row_of(people).begins["answers"]) == (None, "2026-11-30")


def test_on_that_monday_it_goes_and_not_before_and_nobody_is_written_to_again(
    people: Cast, survey: Survey, now: datetime
) -> None:
    response = told(people, survey, now - 2 * YEAR)
    for days in range(7):
        forget_past_time(now + days * DAY)
        db.session.rollback()
        assert response.erased_at is None
    forget_past_time(now + 7 * DAY)
    db.session.rollback()
    assert response.past_time
    assert len(letters()) == 1


def test_another_category_has_a_first_time_of_its_own(people: Cast, survey: Survey, now: datetime) -> None:
    told(people, survey, now - YEAR - DAY)
    forget_past_time(now)
    assert set(row_of(people).begins) == {"messages"}
    forget_past_time(now + YEAR)
    assert set(row_of(people).begins) == {"messages", "answers"}
    assert len(letters()) == 2


def test_with_nothing_past_its_time_nobody_is_written_to(people: Cast, survey: Survey, now: datetime) -> None:
    told(people, survey, now)
    forget_past_time(now)
    assert (letters(), row_of(people).begins) == ([], {})


@pytest.mark.parametrize(
    ("day", "monday"), [("2026-11-23", 30), ("2026-11-24", 7), ("2026-11-29", 7), ("2026-11-30", 7)]
)
def test_the_first_day_is_a_monday_at_least_a_week_away(people: Cast, day: str, monday: int) -> None:
    moment = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    found = keeping.first_day(people.webshop, moment)
    assert (found.weekday(), found.day) == (0, monday)
    assert found >= date.fromisoformat(day) + timedelta(days=7)


def test_the_page_says_what_is_kept_for_how_long_and_what_goes_when(
    alice: Colleague, people: Cast, survey: Survey
) -> None:
    page = get(alice, PAGE)
    assert page.heading == "How long data is kept"
    assert page.form().items() >= {**USUAL, "confirmed": ""}.items()
    assert "Nothing is past its time." in page.words
    assert "How long data is kept" in get(alice, "/settings").links()


def test_shorter_is_asked_once_more_with_how_many_it_concerns(
    alice: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    told(people, survey, now - YEAR)
    page = sent(alice, answers="180")
    assert "1 answer loses its name and its words" in page.words
    assert periods.row_of(people.webshop.id) is None, "nothing is chosen yet"
    assert Page(alice.post(PAGE, data=page.form())).status == 303
    assert row_of(people).shorter == {"answers": 180}
    assert "Alice Adams chose shorter periods." in get(alice, PAGE).words
    assert get(alice, PAGE).form()["answers"] == "180"


def test_yes_to_one_shorter_period_is_no_yes_to_another(alice: Colleague, people: Cast) -> None:
    page = sent(alice, answers="180")
    again = Page(alice.post(PAGE, data={**page.form(), "messages": "90"}))
    assert again.status == 200
    assert "0 messages lose their words" in again.words
    assert periods.row_of(people.webshop.id) is None


def test_longer_is_saved_without_a_question(alice: Colleague, people: Cast) -> None:
    assert sent(alice, answers="1825").status == 303
    assert periods.kept(people.webshop.id)["answers"] == 1825


@pytest.mark.parametrize("typed", [*WORDS.values(), "1", "-730", "730.5"])
def test_what_is_no_period_is_refused(alice: Colleague, people: Cast, typed: str) -> None:
    page = sent(alice, answers=typed)
    assert page.status == 422
    assert periods.row_of(people.webshop.id) is None


def test_only_managers_choose(bob: Colleague, charlie: Colleague, people: Cast) -> None:
    assert bob.get(PAGE).status_code == 403
    assert bob.post(PAGE, data=USUAL).status_code == 403
    charlie.post(PAGE, data={**USUAL, "answers": "1825"})
    assert periods.kept(people.webshop.id)["answers"] == 730


def test_what_went_is_on_the_page(alice: Colleague, people: Cast, survey: Survey, now: datetime) -> None:
    told(people, survey, now - 2 * YEAR - DAY)
    all_may_go(people)
    forget_past_time(now)
    words = get(alice, PAGE).words
    assert "What went" in words
    assert "Answers with a person" in words


def test_pages_about_what_is_left_still_open(
    alice: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    told(people, survey, now - 2 * YEAR - DAY)
    with writing():
        people.rita.created_at = now - 2 * YEAR - DAY
    all_may_go(people)
    forget_past_time(now)
    id = db.session.scalars(select(Response.id)).one()
    for path in (
        f"/responses/{id}", "/comments/1", "/mailbox", "/mailbox/1", "/inbox", "/ledger", "/customers", f"/customers/{people.rita.id}",
        f"/customers/{people.rita.id}/erasure"    ):  # fmt: skip
        page = get(alice, path)
        assert page.status == 200, path
        assert "Rita" not in page.words, path
    assert "at their request" not in get(alice, f"/customers/{people.rita.id}").words


def test_unfinished_answers_go_when_the_organisation_says(
    people: Cast, survey: Survey, now: datetime
) -> None:
    from surveys.partial.unfinished import begin, forget_old

    with writing():
        begin(db.session.merge(survey), "nonce", "en", [], now)
        keeping.own_row(people.webshop.id).days = {"unfinished": 30}
    with writing():
        assert forget_old(now + 20 * DAY) == 0
        assert forget_old(now + 31 * DAY) == 1


def test_a_period_that_is_kept_without_end_can_be_made_one_that_ends(people: Cast) -> None:
    assert keeping.shortened(people.webshop.id, {"unnamed": 365, "answers": 730}) == {"unnamed": 365}
