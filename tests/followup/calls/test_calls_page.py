"""The page of calls to make: what to say, whose turn it is, and a form for what came of it."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from core import links
from core.db import db, writing
from followup.composing import compose_due
from outbox.models import Message
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to
from tests.followup.respondent import page_of
from tests.other_ways import HOME, NUMBER, asked_by, due_to, messages, offering
from tests.pages import Page, get, send
from tests.surveys.answers import responses


@pytest.fixture
def rita(people: Cast, survey: Survey, now: datetime, monday: object) -> Response:
    with writing():
        offering(people, "phone", "letter")
        return asked_by("phone", survey, now, otherwise="page")


@pytest.fixture
def call(people: Cast, rita: Response, now: datetime) -> Message:
    with writing():
        due_to(people, rita, now)
    compose_due(now)
    return messages("phone")[0]


def noted(browser: Colleague, call: Message, **typed: str) -> Page:
    where = f"/calls/{call.id}/outcome"
    form = form_to(Page(browser.get("/calls")), where)
    return Page(browser.post(where, data=form | typed, follow_redirects=True))


def test_it_says_whom_to_call_and_what_to_say(bob: Colleague, call: Message) -> None:
    page = Page(bob.get("/calls"))
    assert f'href="tel:{NUMBER.replace(" ", "")}"' in page.html
    assert "We now use a stronger box." in page.words
    assert "where this number rings (Europe/Amsterdam)" in page.words
    assert "Calls to make" in Page(bob.get("/promises")).words
    assert 'href="/promises" aria-current="page"' in page.html, "the room that its address does not name"


def test_what_came_of_it_is_noted_under_the_callers_name(bob: Colleague, call: Message, people: Cast) -> None:
    page = noted(bob, call, outcome="reached", note="She was glad.")
    assert "they heard it" in page.words
    assert "Nobody waits for a call" in page.words
    line = Page(bob.get(f"/responses/{responses()[0].id}")).words
    assert "reached" in line
    assert "She was glad." in line
    assert people.bob.name in line


def test_who_is_not_reached_comes_back_on_the_day(bob: Colleague, call: Message) -> None:
    page = noted(bob, call, outcome="not_reached", again_on="2099-01-01")
    assert page.status == 422
    assert "within two months" in page.words
    page = noted(bob, call, outcome="not_reached")
    assert "The call comes back on its day." in page.words
    assert "not before its day" in page.words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Say what came of the call."),
        ({"outcome": "vanished"}, "Not a valid choice"),
        ({"outcome": "reached", "again_on": "2026-12-24"}, "fits only who was not reached"),
        ({"outcome": "not_reached", "again_on": "soon"}, "is not a date"),
        ({"outcome": "reached", "note": "x" * 501}, "500"),
    ],
)
def test_what_does_not_fit_is_refused_and_kept(
    bob: Colleague, call: Message, typed: dict[str, str], sentence: str
) -> None:
    page = noted(bob, call, **typed)
    assert page.status == 422
    assert sentence in page.words
    db.session.refresh(call)
    assert (call.state, call.tries) == ("queued", 0)


def test_a_form_that_was_overtaken_says_so(bob: Colleague, call: Message) -> None:
    where = f"/calls/{call.id}/outcome"
    form = form_to(Page(bob.get("/calls")), where)
    noted(bob, call, outcome="not_reached")
    page = Page(bob.post(where, data=form | {"outcome": "not_reached"}))
    assert page.status == 409
    assert "A colleague wrote down what came of this call." in page.words
    noted(bob, call, outcome="reached")
    page = Page(bob.post(where, data=form | {"outcome": "reached"}))
    assert "A colleague wrote down what came of this call." in page.words, (
        "also when it is on the list no more"
    )


def test_a_viewer_reads_it_and_a_stranger_does_not(
    vera: Colleague, charlie: Colleague, call: Message
) -> None:
    assert "outcome" not in Page(vera.get("/calls")).html
    assert "Nobody waits for a call" in Page(charlie.get("/calls")).words
    assert (
        charlie.post(f"/calls/{call.id}/outcome", data={"outcome": "reached", "seen": "0"}).status_code == 404
    )


def test_who_asks_to_be_called_says_where(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        offering(people, "phone")
    page = get(client, "/s/bestelling?lang=en")
    assert "By phone" in page.words
    assert "By letter" not in page.words
    answer = {
        "csat": "4",
        "contact__wants": "phone",
        "contact__phone": "043 123 45 6",
        "contact__otherwise": "page",
    }
    refused = Page(send(client, page, **answer))
    assert "is not a phone number" in refused.words
    send(
        client,
        refused,
        **answer | {"contact__phone": "043 123 45 67", "contact__email": "typed but not asked for"},
    )
    (response,) = responses()
    assert (response.channel, response.otherwise, response.identity and response.identity.value) == (
        "phone",
        "page",
        NUMBER,
    )
    own = page_of(client, response)
    assert "We call you about it" in own.words
    assert "by phone" in own.words


def test_a_letter_needs_a_name_and_an_address(client: FlaskClient, people: Cast, survey: Survey) -> None:
    with writing():
        offering(people, "letter")
    page = get(client, "/s/bestelling?lang=en")
    refused = Page(send(client, page, csat="4", contact__wants="letter"))
    assert "Fill in your postal address" in refused.words
    assert "Fill in your name" in refused.words
    send(
        client,
        refused,
        csat="4",
        contact__wants="letter",
        contact__address=HOME,
        contact__name="Rita Ritsema",
    )
    (response,) = responses()
    assert (response.channel, response.identity and response.identity.value) == ("letter", HOME)


def test_an_organisation_that_offers_nothing_more_asks_nothing_more(
    client: FlaskClient, survey: Survey
) -> None:
    page = get(client, "/s/bestelling?lang=en")
    assert "phone" not in page.html
    assert "If we do not reach you" not in page.words


def test_it_is_changed_on_their_own_page(
    client: FlaskClient, people: Cast, survey: Survey, rita: Response
) -> None:
    where = links.path("status", rita.id, rita.link_version) + "/hearing"
    form = form_to(page_of(client, rita), where)
    assert (form["way"], form["otherwise"]) == ("phone", "page")
    refused = Page(client.post(where, data=form | {"way": "letter"}))
    assert "Fill in your postal address" in refused.words
    assert (
        client.post(where, data=form | {"way": "letter", "address": HOME, "otherwise": ""}).status_code == 303
    )
    db.session.refresh(rita)
    assert (rita.channel, rita.otherwise, rita.identity and rita.identity.kind) == ("letter", "", "post")
    assert (
        client.post(where, data=form_to(page_of(client, rita), where) | {"way": "phone"}).status_code == 303
    )
    db.session.refresh(rita)
    assert rita.identity
    assert rita.identity.value == NUMBER, "the number they gave before is known"


def test_a_way_that_is_switched_off_meanwhile_is_refused(
    client: FlaskClient, people: Cast, rita: Response
) -> None:
    where = links.path("status", rita.id, rita.link_version) + "/hearing"
    form = form_to(page_of(client, rita), where)
    with writing():
        offering(people)
    page = Page(client.post(where, data=form | {"way": "letter", "address": HOME}))
    assert page.status == 422


def test_a_manager_switches_ways_on(alice: Colleague, people: Cast) -> None:
    where = "/settings/organisation"
    form = form_to(Page(alice.get(where)), where)
    assert alice.post(where, data={**form, "channels": ["phone", "letter"]}).status_code == 303
    assert people.webshop.channels == ["phone", "letter"]
    assert alice.post(where, data={**form, "channels": ["fax"]}).status_code == 422
