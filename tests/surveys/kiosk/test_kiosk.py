"""A tablet on a counter: one person after another, and none learns of the one before."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from core import clock, links
from core.db import db, writing
from surveys.builder.building import close_survey, create_survey, open_survey
from surveys.kiosk import kiosks
from surveys.kiosk.models import Kiosk
from surveys.models import Survey
from surveys.pace import Pace
from tests.cast import Cast
from tests.hostile import WORDS
from tests.loop import QUESTIONS
from tests.pages import Page, get, send
from tests.public_pages import every_kind
from tests.surveys.answers import responses, values

THERE = {"REMOTE_ADDR": "192.0.2.1"}


@pytest.fixture
def survey(people: Cast) -> Survey:
    now = clock.now()
    with writing():
        made = create_survey(
            people.webshop.id,
            "balie",
            {"nl": "Balie", "en": "Counter"},
            "en",
            people.alice.id,
            QUESTIONS,
            now,
        )
        open_survey(made, now)
    return made


@pytest.fixture
def kiosk(survey: Survey) -> Kiosk:
    with writing():
        return kiosks.make(survey, "The counter", clock.now())


def test_an_answer_on_it_is_one_of_nobody_and_says_how_it_came(client: FlaskClient, kiosk: Kiosk) -> None:
    page = get(client, kiosks.path(kiosk))
    assert (page.status, page.heading) == (200, "Counter")
    assert page.form()["contact-wants"] == "page", "nobody, until they say otherwise"
    sent = send(client, page, csat="4", comment="Friendly.")
    assert sent.status_code == 303
    (response,) = responses()
    assert (response.source, response.channel, response.customer_id, response.score) == (
        "kiosk",
        "page",
        None,
        4,
    )
    assert not response.suspect_at


def test_whoever_gives_an_address_is_told_there(client: FlaskClient, kiosk: Kiosk) -> None:
    page = thanked(client, kiosk, contact__wants="mail", contact__email="nora@example.org")
    (response,) = responses()
    assert response.channel == "mail"
    assert response.identity
    assert response.identity.proved_at is None, "typed on a tablet proves nothing"
    assert "QR" not in page.html
    assert "nora@example.org" not in page.html


def test_the_thanks_give_their_own_page_as_a_code_and_lead_nowhere_but_to_the_beginning(
    client: FlaskClient, kiosk: Kiosk
) -> None:
    page = thanked(client, kiosk)
    assert page.heading == "Your answer arrived"
    assert "data:image/svg+xml;base64," in page.html
    assert {to.split("?")[0] for to in page.links().values() if not to.startswith("#")} == {
        kiosks.path(kiosk)
    }
    assert "Friendly." not in page.html
    (response,) = responses()
    assert links.path("status", response.id, response.link_version) not in page.html


def test_who_wants_no_word_gets_no_code(client: FlaskClient, kiosk: Kiosk) -> None:
    page = thanked(client, kiosk, contact__wants="none")
    assert "As you asked, we do not report back." in page.words
    assert "<img" not in page.html


def thanked(client: FlaskClient, kiosk: Kiosk, **typed: str) -> Page:
    sent = send(client, get(client, kiosks.path(kiosk)), csat="4", comment="Friendly.", **typed)
    return get(client, sent.location)


@pytest.mark.security("the next at the same screen")
def test_after_a_minute_no_way_back_shows_the_one_before(client: FlaskClient, kiosk: Kiosk) -> None:
    first = get(client, kiosks.path(kiosk))
    sent = send(client, first, csat="4", comment="Friendly.")
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        again = send(client, first, csat="1", comment="Somebody else.")
        assert client.get(sent.location).location == kiosks.path(kiosk), (
            "the page of thanks, from the history"
        )
        assert client.get(again.location).location == kiosks.path(kiosk), (
            "the form, sent again from the history"
        )
    assert [values(r)["comment"] for r in responses()] == ["Friendly."]


@pytest.mark.security("the next at the same screen")
def test_the_next_person_finds_nothing_filled_in_kept_or_linked(client: FlaskClient, kiosk: Kiosk) -> None:
    untouched = get(client, kiosks.path(kiosk))
    refused = Page(
        send(client, untouched, contact__wants="mail", contact__email="not an address", comment="Mine.")
    )
    assert refused.status == 422
    assert refused.form()["comment"] == "Mine.", "nothing typed is lost for the one who stands there"
    after = get(client, kiosks.path(kiosk))
    assert {**after.form(), "terugkoppel-token": ""} == {**untouched.form(), "terugkoppel-token": ""}
    assert after.form()["terugkoppel-token"] != untouched.form()["terugkoppel-token"]
    for page in (untouched, refused):
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "no-store", "no browser keeps it"
        assert "Go on later" not in page.words


def test_no_browser_fills_anything_in_and_nothing_leads_away(client: FlaskClient, kiosk: Kiosk) -> None:
    with writing():
        db.session.get_one(Survey, kiosk.survey_id).organisation.phone = "043 123 45 67"
    page = get(client, kiosks.path(kiosk))
    form = next(page.element("main").iter("form"))
    said = {e.attrib.get("autocomplete", "off") for e in form.iter()}
    assert (form.attrib["autocomplete"], said) == ("off", {"off"})
    assert "043 123 45 67" not in page.html
    assert {to.split("?")[0] for to in page.links().values() if not to.startswith("#")} == {
        kiosks.path(kiosk)
    }
    assert "<noscript><meta" in page.html, "it begins anew where no script runs"


def test_a_survey_of_one_question_a_page_stands_on_one_page_here(client: FlaskClient, kiosk: Kiosk) -> None:
    """Else what one person began would lie under an address that the next one could open."""
    with writing():
        db.session.get_one(Survey, kiosk.survey_id).one_by_one = True
    assert {"comment", "contact-wants"} <= set(get(client, kiosks.path(kiosk)).form())


def test_every_kind_of_question_is_asked_but_the_hidden_one(client: FlaskClient, people: Cast) -> None:
    with writing():
        made = create_survey(
            people.webshop.id, "alles", {"en": "All"}, "en", people.alice.id, every_kind(), clock.now()
        )
        open_survey(made, clock.now())
        path = kiosks.path(kiosks.make(made, "Here", clock.now()))
    page = get(client, f"{path}?hidden=A-17")
    assert "hidden" not in page.form()
    assert send(client, page, csat="4").status_code == 303


def test_an_anonymous_survey_stays_anonymous(client: FlaskClient, kiosk: Kiosk) -> None:
    with writing():
        db.session.get_one(Survey, kiosk.survey_id).anonymous = True
    page = get(client, kiosks.path(kiosk))
    assert not [name for name in page.form() if name.startswith("contact")]
    assert send(client, page, csat="4").status_code == 303


def test_the_next_person_begins_in_the_language_of_the_tablet(client: FlaskClient, kiosk: Kiosk) -> None:
    page = get(client, f"{kiosks.path(kiosk)}?lang=nl")
    assert page.heading == "Balie"
    after = get(client, send(client, page, csat="4").location)
    assert after.heading == "Uw antwoord is aangekomen"
    assert kiosks.path(kiosk) in after.links().values(), "without the language that one person chose"


def test_a_counter_sends_all_day_and_only_more_than_people_can_is_suspect(
    app: Flask, client: FlaskClient, survey: Survey, kiosk: Kiosk
) -> None:
    app.extensions["pace_of_answers"], app.extensions["pace_of_tablets"] = Pace(1, 3_600), Pace(2, 3_600)
    with writing():
        other = kiosks.make(survey, "The other counter", clock.now())
    for path in (kiosks.path(kiosk), kiosks.path(kiosk), kiosks.path(other), kiosks.path(kiosk)):
        assert send(client, get(client, path), csat="4").status_code == 303
    assert [bool(r.suspect_at) for r in responses()] == [False, False, False, True], "each tablet by itself"


def test_a_rush_is_refused_here_too(app: Flask, client: FlaskClient, kiosk: Kiosk) -> None:
    app.extensions["pace_of_requests"] = Pace(1, 3_600)
    said = [client.post(kiosks.path(kiosk), environ_base=THERE).status_code for _ in range(2)]
    assert said[1] == 429


def test_a_link_that_was_ended_takes_nothing_and_says_so(client: FlaskClient, kiosk: Kiosk) -> None:
    page = get(client, kiosks.path(kiosk))
    with writing():
        kiosks.end(db.session.get_one(Kiosk, kiosk.id), clock.now())
        kiosks.end(db.session.get_one(Kiosk, kiosk.id), clock.now())
    gone = Page(send(client, page, csat="4", comment="What I typed."))
    assert "What I typed." in gone.words, "nothing that was typed is lost for whoever stands there"
    assert (gone.status, gone.heading) == (410, "This tablet is no longer in use.")
    after = get(client, kiosks.path(kiosk))
    assert (after.status, "What I typed." in after.words) == (410, False)
    assert responses() == []


def test_a_closed_survey_and_one_that_is_not_open_say_so(
    client: FlaskClient, survey: Survey, kiosk: Kiosk
) -> None:
    with writing():
        close_survey(db.session.get_one(Survey, survey.id), clock.now())
    page = get(client, kiosks.path(kiosk))
    assert page.status == 410
    assert page.heading.startswith("This survey closed on")


@pytest.mark.security("token not verified")
def test_no_other_link_opens_it_and_its_own_opens_nothing_else(
    client: FlaskClient, survey: Survey, kiosk: Kiosk
) -> None:
    token = links.token("kiosk", kiosk.id)
    for path in (
        f"/t/{token}",
        f"/f/{token}",
        f"/i/{token}",
        f"/k/{links.token('trial', kiosk.id)}",
        f"/k/{links.token('kiosk', kiosk.id, 2)}",
        f"/k/{links.token('kiosk', kiosk.id + 1)}",
    ):
        assert client.get(path).status_code == 404, path
    thanked(client, kiosk)
    (response,) = responses()
    as_status = links.token("status", response.id, response.link_version)
    assert client.get(f"{kiosks.path(kiosk)}/thanks?for={as_status}").location == kiosks.path(kiosk)


@pytest.mark.security("token not verified")
def test_the_thanks_of_another_survey_are_not_shown(
    client: FlaskClient, people: Cast, kiosk: Kiosk, now: datetime
) -> None:
    thanked(client, kiosk)
    (response,) = responses()
    with writing():
        made = create_survey(
            people.webshop.id, "ander", {"en": "Other"}, "en", people.alice.id, QUESTIONS, now
        )
        open_survey(made, now)
        other = kiosks.make(made, "There", now)
    assert client.get(
        f"{kiosks.path(other)}/thanks?for={kiosks.thanks_token(response)}"
    ).location == kiosks.path(other)


@pytest.mark.parametrize("words", [WORDS["script"], WORDS["out of a textarea"], WORDS["jinja"]])
def test_hostile_words_are_words(client: FlaskClient, kiosk: Kiosk, words: str) -> None:
    refused = Page(send(client, get(client, kiosks.path(kiosk)), comment=words, contact__wants="mail"))
    assert refused.status == 422
    assert refused.form()["comment"].strip() == words.strip()
    assert "<script>alert" not in refused.html
