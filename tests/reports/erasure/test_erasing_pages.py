"""The pages of one person's own data: everything in one file, and erasing them after reading what goes."""

import json
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from core.db import db, writing
from customers.models import Customer
from reports.erasure.erasing import erase
from reports.jobs import render_due
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.hostile import WORDS
from tests.pages import Page, get
from tests.reports.erased import MAIL, canaries, played

WHY = "They asked for it by telephone."


def page_of(customer: Customer) -> str:
    return f"/customers/{customer.id}/erasure"


def sent(alice: Colleague, customer: Customer, **typed: str) -> Page:
    return Page(alice.post(page_of(customer), data={"confirmation": customer.name, "reason": WHY, **typed}))


def test_it_says_beforehand_what_goes_and_what_stays(
    alice: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    said(survey, now)
    page = get(alice, page_of(people.rita))
    assert page.heading == "Erase Rita Ritsema"
    assert "the words of 1 answer" in page.words
    assert "1 open promise ends without a word." in page.words
    assert "as counts that lead to nobody" in page.words


def test_erased_it_says_when_by_whom_and_why_and_nothing_else(
    alice: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    said(survey, now)
    assert sent(alice, people.rita).status == 303
    page = get(alice, page_of(people.rita))
    assert WHY in page.words
    assert "Alice Adams" in page.words
    assert "Rita" not in page.html
    assert "Rita" not in get(alice, "/customers").words
    about = get(alice, f"/customers/{people.rita.id}").words
    assert "erased at their request" in about
    assert "This person has not answered a survey." in about


def test_a_slip_of_the_hand_erases_nobody_and_loses_nothing(
    alice: Colleague, people: Cast, now: datetime
) -> None:
    for typed in ("", "Rita", "Bob"):
        page = sent(alice, people.rita, confirmation=typed)
        assert (page.status, set(page.errors())) == (422, {"confirmation"})
        assert page.form()["reason"].strip() == WHY
    assert db.session.get_one(Customer, people.rita.id).erased_at is None


@pytest.mark.parametrize("reason", ["", "   ", "Rita Ritsema asked.", "x" * 1001])
def test_a_reason_is_needed_and_says_not_who(alice: Colleague, people: Cast, reason: str) -> None:
    page = sent(alice, people.rita, reason=reason)
    assert (page.status, set(page.errors())) == (422, {"reason"})
    assert page.form()["confirmation"] == "Rita Ritsema"


def test_case_and_spaces_around_a_name_are_no_slip(alice: Colleague, people: Cast) -> None:
    assert sent(alice, people.rita, confirmation="  rita ritsema ").status == 303


def test_a_person_without_a_name_is_called_by_their_address(alice: Colleague, people: Cast) -> None:
    with writing():
        people.rita.name = ""
    assert "Type “rita@example.com”" in get(alice, page_of(people.rita)).words
    assert sent(alice, people.rita, confirmation="rita@example.com").status == 303


def test_nobody_is_erased_a_second_time(alice: Colleague, people: Cast) -> None:
    sent(alice, people.rita)
    assert sent(alice, people.rita, confirmation="Rita Ritsema").status == 409


def test_only_a_manager_of_the_same_organisation_may(
    bob: Colleague, charlie: Colleague, client: FlaskClient, people: Cast
) -> None:
    for path in (page_of(people.rita), f"/customers/{people.rita.id}/export.json"):
        assert [browser.get(path).status_code for browser in (bob, charlie)] == [403, 404]
        assert client.get(path).status_code in {302, 303, 401}
    assert bob.post(page_of(people.rita)).status_code == 403
    assert charlie.post(page_of(people.rita)).status_code == 404
    assert "Erase this person" not in get(bob, f"/customers/{people.rita.id}").words


def test_everything_is_in_one_file(alice: Colleague, people: Cast, survey: Survey, now: datetime) -> None:
    customer = played(people, survey, now)
    links = get(alice, f"/customers/{customer.id}").links()
    answer = alice.get(links["Export everything (JSON)"])
    assert answer.headers["Content-Disposition"] == f'attachment; filename="customer-{customer.id}.json"'
    held = json.loads(answer.text)
    assert held["names"] == ["Canaryname Canaryson"]
    assert [a["address"] for a in held["addresses"]] == [MAIL, "+31 6 canaryphone", "canarynumber"]
    for words in (
        "Canarycomment: if he", "canarynote", "Canarypersonal", "Canarytitle", "Canaryverdict", "canaryphone", "Canaryreply", "We now use a stronger box",
    ):  # fmt: skip
        assert words in answer.text, words
    assert "/f/…" in answer.text
    assert "\x01" not in answer.text


@pytest.mark.parametrize("words", [w for w in WORDS.values() if len(w) < 5000 and "\x00" not in w])
def test_hostile_words_are_words_in_it(
    alice: Colleague, people: Cast, survey: Survey, now: datetime, words: str
) -> None:
    said(survey, now, words)
    held = json.loads(alice.get(f"/customers/{people.rita.id}/export.json").data)
    assert words in [a["text"] for one in held["answers"] for a in one["answers"]]


def test_of_who_was_erased_nothing_is_left_to_export(
    alice: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    customer = played(people, survey, now)
    with writing():
        erase(customer, WHY, now)
    held = json.loads(alice.get(f"/customers/{customer.id}/export.json").text)
    assert (held["names"], held["addresses"], held["answers"], held["messages"]) == ([], [], [], [])


def test_the_pages_about_what_is_left_still_open(
    alice: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    customer = played(people, survey, now)
    with writing():
        erase(customer, WHY, now)
    render_due(now)
    response = db.session.scalars(db.select(Response)).one()
    for path in (
        f"/responses/{response.id}", "/comments/1", "/mailbox", "/mailbox/1", "/inbox", "/ledger", "/promises", "/actions", "/actions/1", "/actions/2",
        "/reports", "/reports/1",
    ):  # fmt: skip
        page = get(alice, path)
        assert page.status == 200, path
        assert "canary" not in page.html.casefold(), path
    assert "without words that were erased" in get(alice, "/reports/1").words
    assert canaries() <= {"comment_words_data", "comment_words_open_data"}
