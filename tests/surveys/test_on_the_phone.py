"""A colleague asks the questions on the phone and types what is said: an answer like any other, with their name beside it."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import links
from core.db import db, writing
from customers.models import Customer, Identity
from followup.receipts import compose_receipts
from outbox.models import Message
from promises.models import Promise
from surveys.answering import response_submitted
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey
from surveys.models_responses import Response
from surveys.pace import Pace
from tests.browser import Colleague
from tests.cast import Cast, added
from tests.loop import promises_of
from tests.pages import get, send
from tests.surveys.answers import responses, values
from tests.surveys.phone import RITA, called, place, typed_events
from triage.commenting import comments_of


def people_known() -> int:
    return db.session.scalar(select(func.count(Customer.id))) or 0


def identities(response: Response) -> dict[str, tuple[str, bool]]:
    """kind → (address, whether its owner proved it)"""
    mine = select(Identity).where(Identity.customer_id == response.customer_id).order_by(Identity.id)
    return {i.kind: (i.value, bool(i.proved_at)) for i in db.session.scalars(mine)}


# What is asked


def test_the_questions_are_those_that_customers_see_in_the_language_that_is_spoken(
    bob: Colleague, client: FlaskClient, long_survey: Survey
) -> None:
    ours = set(get(client, "/s/alles?lang=nl").form())
    page = get(bob, place(long_survey, "nl"))
    added = {"csrf_token", "terugkoppel-number"}
    assert set(page.form()) - added == ours - {"terugkoppel-website"}, "no trap for machines"
    assert "Hoe tevreden bent u? verplicht" in page.words
    assert page.heading == "Somebody is on the phone", "the colleague reads their own language"


def test_the_other_language_is_one_click_away_and_an_unknown_one_is_the_surveys_own(
    bob: Colleague, survey: Survey
) -> None:
    page = get(bob, place(survey))
    assert "How satisfied are you?" in page.words
    assert page.links()["Nederlands"] == f"/surveys/{survey.id}/phone?lang=nl"
    for language in ("", "de", "<b>", "nl\x00"):
        assert "Hoe tevreden bent u?" in get(bob, place(survey, language)).words, language


def test_what_is_said_is_kept_in_the_language_that_was_spoken(bob: Colleague, survey: Survey) -> None:
    assert send(bob, get(bob, place(survey, "nl")), **RITA).status_code == 303
    assert responses()[0].language == "nl"


def test_the_browser_of_a_colleague_fills_in_nothing_of_its_own(bob: Colleague, survey: Survey) -> None:
    page = get(bob, place(survey)).html
    assert 'autocomplete="email"' not in page
    assert page.count('autocomplete="off"') == 4, "the form, two fields of the person, their number"


def test_a_page_of_their_own_cannot_be_read_out_so_it_is_not_offered(
    bob: Colleague, client: FlaskClient, survey: Survey
) -> None:
    assert "On a page of my own" not in get(bob, place(survey)).words
    assert "On a page of my own" in get(client, "/s/bestelling").words
    for forged in ("page", "fax", ""):
        answer = send(bob, get(bob, place(survey)), **RITA, contact__wants=forged)
        assert answer.status_code == 422, forged
    assert responses() == []


def test_a_survey_that_asks_nobody_who_they_are_still_asks_how_they_want_to_hear(
    bob: Colleague, people: Cast, now: datetime
) -> None:
    draft = Draft("csat", "csat", {"nl": "Tevreden?", "en": "Satisfied?"})
    with writing():
        short = create_survey(
            people.webshop.id, "kort", {"nl": "Kort", "en": "Short"}, "nl", people.alice.id, [draft], now
        )
        open_survey(short, now)
    page = get(bob, place(short))
    assert "How we tell you what was done" in page.words
    said = {"csat": "4", "terugkoppel__hearing__email": "rita@example.com"}
    assert send(bob, page, **said).status_code == 303
    (response,) = responses()
    assert (values(response), response.channel, response.customer_id) == ({"csat": 4}, "mail", people.rita.id)


def consenting(people: Cast, now: datetime, *, required: bool = True) -> Survey:
    words = {"nl": "U mag mijn verhaal gebruiken.", "en": "You may use my story."}
    drafts = [
        Draft("csat", "csat", {"nl": "Tevreden?", "en": "Satisfied?"}),
        Draft("consent", "consent", words, required=required, help={"en": "Without my name."}),
    ]
    with writing():
        made = create_survey(
            people.webshop.id, "mag", {"nl": "Mag dat", "en": "May we"}, "nl", people.alice.id, drafts, now
        )
        open_survey(made, now)
        return made


def test_a_consent_is_asked_in_words_that_can_be_said(
    bob: Colleague, client: FlaskClient, people: Cast, now: datetime
) -> None:
    page = get(bob, place(consenting(people, now)))
    ask = "Without my name. Ask: “Do you agree to this: You may use my story?” Tick it only after a yes."
    assert ask in page.words
    assert "Ask:" not in get(client, "/s/mag?lang=en").words, "nobody is asked so who reads it"


def test_a_consent_is_asked_in_the_language_that_is_spoken(
    bob: Colleague, people: Cast, now: datetime
) -> None:
    page = get(bob, place(consenting(people, now), "nl"))
    assert "Vraag: “Stemt u hiermee in: U mag mijn verhaal gebruiken?”" in page.words


def test_without_a_yes_nothing_is_kept_where_a_consent_is_needed(
    bob: Colleague, people: Cast, now: datetime
) -> None:
    page = get(bob, place(consenting(people, now)))
    said = {"csat": "4", "terugkoppel__hearing__wants": "none"}
    assert send(bob, page, **said).status_code == 422
    assert responses() == []
    assert send(bob, page, **said, consent="y").status_code == 303
    assert values(responses()[0]) == {"csat": 4, "consent": "yes"}


def test_a_question_is_asked_only_after_the_answers_it_waits_for(
    bob: Colleague, people: Cast, now: datetime
) -> None:
    rule = {"show_if": {"key": "csat", "answers": ["1", "2"]}}
    drafts = [
        Draft("csat", "csat", {"en": "Satisfied?"}),
        Draft("why", "short_text", {"en": "Why not?"}, options=rule),
    ]
    with writing():
        made = create_survey(people.webshop.id, "na", {"en": "After"}, "en", people.alice.id, drafts, now)
        open_survey(made, now)
    page = get(bob, place(made))
    assert ".asks-why{display:none}" in page.html
    said = {"why": "It was fine.", "terugkoppel__hearing__wants": "none"}
    assert send(bob, page, csat="5", **said).status_code == 303
    assert values(responses()[0]) == {"csat": 5}


def test_words_in_a_language_that_we_do_not_speak_say_which_it_is(
    bob: Colleague, people: Cast, now: datetime
) -> None:
    draft = Draft("csat", "csat", {"ar": "هل أنت راضٍ؟"})
    with writing():
        made = create_survey(people.webshop.id, "ar", {"ar": "طلبك"}, "ar", people.alice.id, [draft], now)
        open_survey(made, now)
    page = get(bob, place(made, "ar"))
    assert '<div lang="ar" dir="rtl">' in page.html
    assert "Uw klantnummer" in page.words, "fixed words are in the organisation's language"


# What is kept


@pytest.mark.both_databases
def test_it_is_an_answer_like_any_other_that_came_by_phone(
    bob: Colleague, people: Cast, survey: Survey
) -> None:
    called(bob, survey)
    (response,) = responses()
    assert (response.source, response.channel, response.language) == ("phone", "mail", "en")
    assert (response.score, values(response)) == (2, {"csat": 2, "comment": "The box was torn."})
    assert (response.suspect_at, response.is_test, response.history) == (None, False, False)
    assert [c.text for c in comments_of(response)] == ["The box was torn."]
    assert [(p.channel, p.who_id, p.ended_at) for p in promises_of(response)] == [
        ("mail", people.alice.id, None)
    ]


def test_no_other_source_is_a_source(bob: Colleague, survey: Survey) -> None:
    called(bob, survey)
    with pytest.raises(IntegrityError), writing():
        responses()[0].source = "fax"


def test_who_typed_it_stands_in_the_history_without_what_was_said(bob: Colleague, survey: Survey) -> None:
    called(bob, survey)
    (event,) = typed_events()
    assert (event.actor, event.subject_id, event.detail) == ("Bob Bakker", responses()[0].id, {})
    assert event.organisation_id == survey.organisation_id


def test_colleagues_read_who_typed_it(alice: Colleague, bob: Colleague, survey: Survey) -> None:
    page = called(bob, survey)
    assert "Kept. Here stands what is owed now." in page.words
    assert "· on the phone, typed by Bob Bakker · by mail" in page.words
    comment = get(alice, f"/comments/{comments_of(responses()[0])[0].id}").words
    assert "score 2 · on the phone, typed by Bob Bakker" in comment
    assert "It was typed, as it was said on the phone Bob Bakker" in comment


def test_of_an_answer_that_a_customer_typed_nobody_says_so(
    bob: Colleague, client: FlaskClient, survey: Survey
) -> None:
    send(client, get(client, "/s/bestelling"), **RITA, contact__wants="mail")
    (response,) = responses()
    assert response.source == "web"
    assert "typed by" not in get(bob, f"/responses/{response.id}").words
    assert typed_events() == []


def test_they_get_the_receipt_and_read_on_their_page_that_they_said_it_on_the_phone(
    bob: Colleague, client: FlaskClient, survey: Survey, now: datetime
) -> None:
    called(bob, survey)
    (response,) = responses()
    assert compose_receipts(now) == 1
    mail = db.session.scalars(select(Message)).one()
    assert (mail.recipient, mail.language) == ("rita@example.com", "en")
    own = get(client, links.path("status", response.id, response.link_version)).words
    assert "You told us on the phone" in own
    assert "Bob Bakker" not in own


def test_the_promise_is_made_in_the_transaction_of_the_answer(
    bob: Colleague, survey: Survey, app: Flask
) -> None:
    def break_down(_response: Response, **_: Any) -> None:
        raise RuntimeError("the disk is full")

    page = get(bob, place(survey))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with response_submitted.connected_to(break_down):
        assert send(bob, page, **RITA).status_code == 500
    assert (responses(), typed_events(), db.session.scalar(select(func.count(Promise.id)))) == ([], [], 0)


def test_however_many_are_typed_none_is_suspect(app: Flask, bob: Colleague, survey: Survey) -> None:
    """A desk of colleagues shares one address, and types all day."""
    app.extensions["pace_of_answers"] = Pace(1, 3_600)
    for _ in range(3):
        called(bob, survey)
    assert [r.suspect_at for r in responses()] == [None] * 3


def test_a_get_writes_nothing(bob: Colleague, survey: Survey) -> None:
    get(bob, place(survey) + "&csat=2&comment=Torn")
    assert (responses(), typed_events()) == ([], [])


# Who it is


def test_somebody_known_by_their_mail_is_nobody_new_and_stays_proved(
    bob: Colleague, people: Cast, survey: Survey
) -> None:
    known = people_known()
    called(bob, survey, contact__email="RITA@Example.com ")
    (response,) = responses()
    assert (response.customer_id, people_known()) == (people.rita.id, known)
    assert identities(response) == {"mail": ("rita@example.com", True)}


def test_somebody_new_is_met_and_their_address_is_only_claimed(bob: Colleague, survey: Survey) -> None:
    known = people_known()
    page = called(
        bob, survey, contact__email="nia@example.com", contact__name="Nia New", terugkoppel__number=" K-12 "
    )
    (response,) = responses()
    assert people_known() == known + 1
    assert identities(response) == {"mail": ("nia@example.com", False), "number": ("K-12", False)}
    assert page.links()["Nia New"] == f"/customers/{response.customer_id}"


def test_somebody_known_by_their_number_gets_no_second_row(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    here = {"organisation_id": people.webshop.id, "customer_id": people.rita.id, "created_at": now}
    with writing():
        added(Identity(kind="number", value="K-12", key="k-12", **here))
    called(bob, survey, contact__wants="none", contact__email="", terugkoppel__number="k-12")
    (response,) = responses()
    assert (response.customer_id, bool(response.declined_at)) == (people.rita.id, True)


def test_a_number_of_another_organisations_customer_is_somebody_new(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        theirs = added(Customer(organisation_id=people.housing.id, name="Theirs", created_at=now))
        added(
            Identity(
                kind="number",
                value="K-12",
                key="k-12",
                organisation_id=people.housing.id,
                customer_id=theirs.id,
                created_at=now,
            )
        )
    called(bob, survey, contact__email="nia@example.com", terugkoppel__number="K-12")
    assert responses()[0].customer_id not in {theirs.id, people.rita.id}


def test_whoever_wants_no_word_and_gives_no_number_is_nobody(bob: Colleague, survey: Survey) -> None:
    known = people_known()
    called(bob, survey, contact__wants="none", contact__name="Nia New", contact__email="nia@example.com")
    (response,) = responses()
    assert (response.customer_id, bool(response.declined_at), people_known()) == (None, True, known)


@pytest.fixture
def calling(survey: Survey) -> Survey:
    """Its organisation calls people, and writes letters."""
    with writing():
        survey.organisation.channels = ["phone", "letter"]
    return survey


def test_they_may_choose_among_the_ways_that_are_offered(bob: Colleague, calling: Survey) -> None:
    words = get(bob, place(calling)).words
    for way in ("By mail", "By phone", "By letter", "Then by mail", "Then you need not report back"):
        assert way in words
    assert "By text message" not in words
    assert "Then on a page of my own" not in words


def test_a_call_back_goes_to_the_number_that_they_gave(bob: Colleague, calling: Survey) -> None:
    called(bob, calling, contact__wants="phone", contact__phone="043 350 66 66", contact__email="")
    (response,) = responses()
    assert (response.channel, response.otherwise) == ("phone", "")
    assert identities(response) == {"phone": ("+31 43 350 6666", False)}
    called(bob, calling, contact__wants="phone", contact__phone="+31433506666", contact__email="")
    assert responses()[1].customer_id == response.customer_id, "the same number, written in another way"


@pytest.mark.parametrize(("otherwise", "status"), [("mail", 303), ("", 303), ("page", 422), ("fax", 422)])
def test_what_happens_where_the_call_fails_is_no_page(
    bob: Colleague, calling: Survey, otherwise: str, status: int
) -> None:
    said = {
        **RITA,
        "contact__wants": "phone",
        "contact__phone": "043 350 66 66",
        "contact__otherwise": otherwise,
    }
    assert send(bob, get(bob, place(calling)), **said).status_code == status
    assert [r.otherwise for r in responses()] == ([otherwise] if status == 303 else [])
