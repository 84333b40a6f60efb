"""What a colleague typed on the phone and cannot be kept: said why, with every word still there; and kept once."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db, writing
from core.errors import Conflict
from surveys.answering import Submission
from surveys.builder.building import Draft, close_survey, create_survey, open_survey
from surveys.models import Survey
from surveys.on_the_phone import type_in
from tests.browser import Colleague, signed_in
from tests.cast import Cast, make_staff
from tests.each import each
from tests.hostile import ADDRESSES, LONG, NUMBERS, UNKEEPABLE, WORDS, as_kept, foreign
from tests.loop import QUESTIONS
from tests.pages import Page, get, send
from tests.surveys.answers import responses, values
from tests.surveys.phone import RITA, as_sent, called, place, typed_events

LINK = "Somebody is on the phone: ask them, and type it"


# Once


def test_a_double_press_is_one_answer(bob: Colleague, survey: Survey) -> None:
    page = get(bob, place(survey))
    first, second = (send(bob, page, **RITA).location for _ in range(2))
    assert first == second == f"/responses/{responses()[0].id}"
    assert (len(responses()), len(typed_events())) == (1, 1)


def test_pressed_again_with_other_words_it_stays_what_it_was(bob: Colleague, survey: Survey) -> None:
    page = get(bob, place(survey))
    send(bob, page, **RITA)
    send(bob, page, **{**RITA, "comment": "Other words."})
    assert [values(r)["comment"] for r in responses()] == ["The box was torn."]


def test_pressed_again_after_the_survey_closed_it_leads_to_what_was_kept(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    page = get(bob, place(survey))
    first = send(bob, page, **RITA).location
    with writing():
        close_survey(db.session.get_one(Survey, survey.id), now)
    assert send(bob, page, **RITA).location == first


def test_the_next_caller_is_the_next_answer(bob: Colleague, survey: Survey) -> None:
    called(bob, survey)
    called(bob, survey, contact__email="nia@example.com")
    assert len({r.customer_id for r in responses()}) == 2


@pytest.mark.both_databases
@pytest.mark.security("one answer")
def test_pressed_at_the_same_moment_it_is_one_answer(app: Flask, people: Cast, survey: Survey) -> None:
    browsers = [signed_in(app, people.bob) for _ in range(3)]
    there, ready = place(survey), Barrier(len(browsers))
    form = as_sent(get(browsers[0], there))

    def press(browser: Colleague) -> str | None:
        ready.wait(10)
        return browser.post(there, data=form).location

    with ThreadPoolExecutor(len(browsers)) as threads:
        places = [f.result() for f in [threads.submit(Context().run, press, b) for b in browsers]]
    db.session.rollback()
    assert (len(set(places)), len(responses()), len(typed_events())) == (1, 1, 1)


# Not complete


def test_what_is_not_right_is_said_and_everything_typed_stays(bob: Colleague, survey: Survey) -> None:
    typed = {"comment": "The box was torn.", "contact__name": "Rita", "terugkoppel__number": "K-12"}
    page = Page(send(bob, get(bob, place(survey)), **typed))
    assert page.status == 422
    assert "Nothing of what you wrote is lost" in page.words
    assert {"csat", "contact-email"} <= set(page.errors())
    kept = page.form()
    assert (kept["comment"], kept["contact-name"], kept["terugkoppel-number"]) == (
        "The box was torn.",
        "Rita",
        "K-12",
    )
    assert responses() == []
    assert send(bob, page, csat="2", contact__email="rita@example.com").status_code == 303


def test_nothing_at_all_is_no_answer(bob: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        made = create_survey(people.webshop.id, "vrij", {"en": "Free"}, "en", people.alice.id,
                             [Draft("comment", "long_text", {"en": "Well?"}), QUESTIONS[2]], now)  # fmt: skip
        open_survey(made, now)
    page = Page(send(bob, get(bob, place(made)), contact__wants="none"))
    assert (page.status, responses()) == (422, [])
    assert "Nothing is filled in yet." in page.words


@pytest.mark.parametrize("token", ["", "forged", "x" * 4000, "a.b.c"])
def test_a_page_without_its_token_keeps_the_words_and_gets_a_new_one(
    bob: Colleague, survey: Survey, token: str
) -> None:
    page = Page(send(bob, get(bob, place(survey)), **RITA, terugkoppel__token=token))
    assert (page.status, page.form()["comment"], responses()) == (422, "The box was torn.", [])
    assert send(bob, page).status_code == 303


@pytest.mark.security("token not verified")
def test_a_token_of_the_page_for_customers_is_none_of_the_phone_nor_the_other_way_round(
    bob: Colleague, client: FlaskClient, survey: Survey
) -> None:
    public, phone = get(client, "/s/bestelling"), get(bob, place(survey))
    assert send(bob, phone, **RITA, terugkoppel__token=public.form()["terugkoppel-token"]).status_code == 422
    assert (
        send(client, public, **RITA, terugkoppel__token=phone.form()["terugkoppel-token"]).status_code == 422
    )
    assert responses() == []


def test_questions_that_were_published_meanwhile_do_not_change_those_on_the_page(
    alice: Colleague, bob: Colleague, survey: Survey
) -> None:
    page = get(bob, place(survey))
    send(alice, get(alice, f"/surveys/{survey.id}/edit"), questions__0__prompt_en="Happy?", save="yes")
    alice.post(f"/surveys/{survey.id}/publication")
    assert send(bob, page, **RITA).status_code == 303
    assert responses()[0].version.number == 1


# Nobody to be asked


@pytest.fixture
def closed(survey: Survey, now: datetime) -> Survey:
    with writing():
        close_survey(survey, now + timedelta(hours=1))
    return survey


@pytest.fixture
def anonymous(survey: Survey) -> Survey:
    with writing():
        survey.anonymous = True
    return survey


def test_a_closed_survey_asks_nobody(bob: Colleague, closed: Survey) -> None:
    page = get(bob, place(closed))
    assert page.status == 409
    assert "This survey closed on" in page.words
    assert LINK not in get(bob, f"/surveys/{closed.id}").links()


def test_a_survey_that_was_never_open_asks_nobody(bob: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        plan = create_survey(people.webshop.id, "plan", {"nl": "Plan"}, "nl", people.alice.id, QUESTIONS, now)
    page = get(bob, place(plan))
    assert (page.status, bob.post(place(plan), data={"csat": "2"}).status_code) == (409, 409)
    assert "This survey is not open yet." in page.words
    assert LINK not in get(bob, f"/surveys/{plan.id}").links()


def test_closed_while_they_spoke_it_keeps_nothing_and_loses_no_word(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    page = get(bob, place(survey))
    with writing():
        close_survey(db.session.get_one(Survey, survey.id), now)
    back = Page(send(bob, page, **RITA))
    assert (back.status, back.form()["comment"], responses()) == (409, "The box was torn.", [])
    assert "This survey closed on" in back.words


def test_an_anonymous_survey_asks_nobody_whose_voice_is_known(bob: Colleague, anonymous: Survey) -> None:
    page = get(bob, place(anonymous))
    assert page.status == 409
    assert "you know who you are speaking with. Tell them its address" in page.words
    assert LINK not in get(bob, f"/surveys/{anonymous.id}").links()


def test_anonymous_since_they_spoke_nothing_is_kept_and_no_word_is_lost(
    bob: Colleague, survey: Survey
) -> None:
    page = get(bob, place(survey))
    with writing():
        db.session.get_one(Survey, survey.id).anonymous = True
    back = Page(send(bob, page, **RITA))
    assert (back.status, back.form()["comment"]) == (409, "The box was torn.")
    assert (responses(), typed_events()) == ([], [])


def test_no_program_of_ours_can_type_it_in_either(anonymous: Survey, now: datetime) -> None:
    with pytest.raises(Conflict, match="anonymous"), writing():
        type_in(anonymous, Submission({"csat": (2, None)}, "en", "a nonce", source="phone"), now)


# Who may


def test_an_agent_finds_the_page_and_a_viewer_does_not(
    app: Flask, bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        vera = make_staff(people.webshop, "Vera Visser", "viewer", now)
    assert get(bob, f"/surveys/{survey.id}").links()[LINK] == f"/surveys/{survey.id}/phone"
    viewer = signed_in(app, vera)
    assert LINK not in get(viewer, f"/surveys/{survey.id}").links()
    assert [viewer.get(place(survey)).status_code, viewer.post(place(survey)).status_code] == [403, 403]


@pytest.mark.security("another tenant")
def test_another_organisation_has_no_such_survey(
    app: Flask, bob: Colleague, people: Cast, survey: Survey
) -> None:
    charlie, form, there = signed_in(app, people.charlie), as_sent(get(bob, place(survey))), place(survey)
    assert (charlie.get(there).status_code, charlie.post(there, data=form).status_code) == (404, 404)
    assert responses() == []


@pytest.mark.security("cross-site")
def test_without_the_token_of_the_session_nothing_is_kept(bob: Colleague, survey: Survey) -> None:
    form = as_sent(get(bob, place(survey)))
    answer = bob.post(place(survey), data=form, headers={"X-CSRFToken": "forged"})
    assert (answer.status_code, responses()) == (400, [])


# Hostile words


@pytest.mark.security("stored xss")
@pytest.mark.parametrize("name", [name for name in WORDS if name not in {*LONG, "slots", "control"}])
def test_hostile_words_are_words(bob: Colleague, survey: Survey, name: str) -> None:
    text = WORDS[name]
    said = {"comment": text, "contact__name": text, "terugkoppel__number": text}
    back = Page(send(bob, get(bob, place(survey)), **said, contact__wants="none"))
    assert back.status == 422
    assert foreign(back.tree) == []
    page = called(bob, survey, **said)
    assert foreign(page.tree) == []
    assert values(responses()[0])["comment"] == as_kept(text)


@pytest.mark.both_databases
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    bob: Colleague, survey: Survey, subtests: pytest.Subtests
) -> None:
    for name, text in UNKEEPABLE.items():
        with subtests.test(name):
            raw = text.encode("utf-8", "surrogatepass")
            data = {**get(bob, place(survey)).form(), "csat": "2", "contact-wants": "none", "comment": raw}
            assert bob.post(place(survey), data=data).status_code in {303, 422}
    assert all("\x00" not in str(values(r)) for r in responses())


def test_what_is_no_address_is_refused_beside_its_field(
    bob: Colleague, survey: Survey, subtests: pytest.Subtests
) -> None:
    for address in ADDRESSES:
        with subtests.test(address):
            page = Page(send(bob, get(bob, place(survey)), **{**RITA, "contact__email": address}))
            assert "is not a mail address" in page.errors()["contact-email"]
    assert responses() == []


def test_a_customer_number_is_one_line_of_words(
    bob: Colleague, survey: Survey, subtests: pytest.Subtests
) -> None:
    for number in (*NUMBERS, "x" * 5000, "ß" * 201, "K\r\n12"):
        with subtests.test(number[:20]):
            called(bob, survey, contact__email=f"n{len(responses())}@example.com", terugkoppel__number=number)


@each("score", ["0", "6", "-1", "1.5", "NaN", "", "two", str(2**63)])
def test_a_forged_score_is_refused(bob: Colleague, survey: Survey, score: str) -> None:
    assert send(bob, get(bob, place(survey)), **{**RITA, "csat": score}).status_code == 422
    assert responses() == []


@pytest.mark.parametrize("version", ["", "0", "-1", "9" * 30, "two", "1\x00"])
def test_a_forged_version_is_the_newest(bob: Colleague, survey: Survey, version: str) -> None:
    assert send(bob, get(bob, place(survey)), **RITA, terugkoppel__version=version).status_code == 303
    assert responses()[0].version.number == 1


@pytest.mark.parametrize(("parts", "status"), [(50, 422), (51, 413)])
def test_up_to_as_many_parts_as_a_form_has(bob: Colleague, survey: Survey, parts: int, status: int) -> None:
    assert bob.post(place(survey), data={f"part{n}": "x" for n in range(parts)}).status_code == status


def test_a_text_that_is_too_long_is_refused_and_kept(bob: Colleague, survey: Survey) -> None:
    page = Page(send(bob, get(bob, place(survey)), **{**RITA, "comment": "x" * 5001}))
    assert (page.status, len(page.form()["comment"]), responses()) == (422, 5001, [])
