"""A customer answers at /s/<slug>: on any device, without a script, without a cookie, and nothing typed is lost."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import links
from core.db import db, writing
from core.text import COMMENT_LIMIT
from promises.models import Promise
from surveys.asking import TOKEN, TRAP
from surveys.building import Draft, close_survey, create_survey, open_survey
from surveys.models import Response, Survey
from tests.cast import Cast
from tests.loop import opened_survey
from tests.pages import Page, get, send
from triage.models import Comment

ALL_KINDS = (
    Draft("csat", "csat", {"nl": "Hoe tevreden bent u?", "en": "How satisfied are you?"}, required=True),
    Draft("nps", "nps", {"nl": "Beveelt u ons aan?", "en": "Would you recommend us?"}),
    Draft("kept", "yes_no", {"nl": "Kwam het?", "en": "Did it arrive?"}),
    Draft("about", "single_choice", {"en": "What about?"}, options={"choices": [
        {"key": "1", "words": {"en": "The box"}}, {"key": "2", "words": {"en": "The courier"}}]}),
    Draft("order", "short_text", {"en": "Order number"}),
    Draft("comment", "long_text", {"nl": "Waarom?", "en": "Why?"}),
    Draft("contact", "contact", {"nl": "Wie bent u?", "en": "Who are you?"}),
)  # fmt: skip


@pytest.fixture(autouse=True)
def english(client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


@pytest.fixture
def long_survey(people: Cast, now: datetime) -> Survey:
    with writing():
        made = create_survey(people.webshop.id, "alles", {"nl": "Alles", "en": "Everything"}, "nl", people.alice.id, ALL_KINDS, now)
        open_survey(made, now)
        return made


def responses() -> list[Response]:
    return list(db.session.scalars(select(Response).order_by(Response.id)))


def opened(client: FlaskClient, path: str = "/s/bestelling") -> Page:
    return get(client, path)


def values(response: Response) -> dict[str, float | str | None]:
    return {a.question.key: a.number if a.number is not None else a.text for a in response.answers}


def test_the_page_asks_the_questions_and_says_what_to_expect(client: FlaskClient, survey: Survey) -> None:
    page = opened(client)
    assert page.status == 200
    assert page.heading == "Your order"
    for words in ("How satisfied are you?", "Why?", "Who are you?", "within 5 working days", "A person reads what you write"):
        assert words in page.words
    assert "Set-Cookie" not in page.headers


def test_an_answer_leads_to_the_respondents_own_page(client: FlaskClient, survey: Survey) -> None:
    page = opened(client)
    answer = send(client, page, csat="2", comment="The box was torn.", contact__wants="mail", contact__email="Rita@Example.com")
    (response,) = responses()
    assert answer.status_code == 303
    assert answer.location == links.path("status", response.id, response.link_version)
    assert "Set-Cookie" not in answer.headers
    assert values(response) == {"csat": 2.0, "comment": "The box was torn."}
    assert (response.channel, response.score, response.language) == ("mail", 2, "en")
    assert response.identity
    assert response.identity.key == "rita@example.com"


def test_the_answer_is_owed_a_word_and_its_comment_is_work_in_the_same_moment(client: FlaskClient, survey: Survey) -> None:
    send(client, opened(client), csat="2", comment="The box was torn.", contact__wants="page")
    (response,) = responses()
    assert db.session.scalars(select(Promise)).one().response_id == response.id
    assert db.session.scalars(select(Comment)).one().text == "The box was torn."


def test_every_kind_of_question_is_read_as_what_it_is(client: FlaskClient, long_survey: Survey) -> None:
    page = opened(client, "/s/alles")
    send(client, page, csat="5", nps="0", kept="no", about="2", order="A-17", comment="Fine.", contact__wants="page")
    (response,) = responses()
    expected = {"csat": 5.0, "nps": 0.0, "kept": "no", "about": "2", "order": "A-17", "comment": "Fine."}
    assert values(response) == expected
    assert response.score == 5, "the first question on a scale"


def test_on_a_page_of_their_own_nobody_is_known(client: FlaskClient, survey: Survey) -> None:
    send(client, opened(client), csat="2", contact__wants="page", contact__name="Rita", contact__email="rita@example.com")
    (response,) = responses()
    assert (response.channel, response.customer, response.identity) == ("page", None, None)


def test_who_asks_for_no_word_is_promised_none_and_not_kept(client: FlaskClient, survey: Survey) -> None:
    send(client, opened(client), csat="2", contact__wants="none", contact__email="not an address")
    (response,) = responses()
    assert response.declined_at
    assert response.identity is None
    assert db.session.scalar(select(func.count(Promise.id))) == 0


@pytest.mark.parametrize(("asked", "accepts", "heading"), [
    ("", "nl", "Uw bestelling"), ("", "en", "Your order"), ("", "fr", "Uw bestelling"),
    ("?lang=en", "nl", "Your order"), ("?lang=nl", "en", "Uw bestelling"), ("?lang=xx", "en", "Your order"),
])  # fmt: skip
def test_the_readers_language_and_not_the_servers(client: FlaskClient, survey: Survey, asked: str, accepts: str, heading: str) -> None:
    page = get(client, f"/s/bestelling{asked}", headers={"Accept-Language": accepts})
    assert page.heading == heading
    assert page.html.count(f'<html lang="{"nl" if heading == "Uw bestelling" else "en"}"') == 1


def test_the_other_language_is_one_link_away_and_keeps_what_was_preselected(client: FlaskClient, survey: Survey) -> None:
    page = opened(client, "/s/bestelling?csat=4")
    assert page.links()["Nederlands"] == "/s/bestelling?csat=4&lang=nl"


def test_an_address_preselects_and_never_submits(client: FlaskClient, long_survey: Survey) -> None:
    page = opened(client, "/s/alles?csat=4&kept=yes&comment=From+a+mail&nps=99&nothing=1")
    assert (page.form()["csat"], page.form()["kept"], page.form()["comment"]) == ("4", "yes", "From a mail")
    assert "nps" not in page.form(), "a score outside the scale chooses nothing"
    assert responses() == []


def test_embedded_it_stands_without_a_letterhead(client: FlaskClient, survey: Survey) -> None:
    page = opened(client, "/s/bestelling?embed=1")
    assert "letterhead" not in page.html
    assert page.action() == "/s/bestelling?embed=1", "also after a mistake"


def test_a_score_alone_is_an_answer(client: FlaskClient, survey: Survey) -> None:
    assert send(client, opened(client), csat="4", contact__wants="page").status_code == 303
    assert values(responses()[0]) == {"csat": 4.0}


# What is not right is said beside its field, and nothing typed is lost


def refused(client: FlaskClient, path: str = "/s/bestelling", **typed: str) -> Page:
    page = Page(send(client, opened(client, path), **typed))
    assert page.status == 422
    assert responses() == [], "nothing half-written"
    assert "Nothing of what you wrote is lost" in page.words
    return page


def test_a_required_question_left_empty(client: FlaskClient, survey: Survey) -> None:
    page = refused(client, comment="I forgot the score.", contact__wants="mail", contact__email="rita@example.com")
    assert page.errors() == {"csat": "Please answer this question."}
    assert page.form()["comment"] == "I forgot the score."
    assert page.form()["contact-email"] == "rita@example.com"
    assert page.links()["How satisfied are you?"] == "#csat-0"
    assert Page(send(client, page, csat="1")).status == 303, "mended and sent again"


@pytest.mark.parametrize("score", ["0", "6", "-1", "2.5", "9" * 30, "NaN", "1e309", "five", "４"])
def test_a_score_outside_the_scale(client: FlaskClient, survey: Survey, score: str) -> None:
    page = refused(client, csat=score, comment="Kept.", contact__wants="page")
    assert page.errors() == {"csat": "Choose one of the answers shown here."} or score == "４"
    assert page.form()["comment"] == "Kept."


@pytest.mark.parametrize(("key", "value"), [("kept", "maybe"), ("about", "3"), ("contact-wants", "pigeon")])
def test_a_forged_choice(client: FlaskClient, long_survey: Survey, key: str, value: str) -> None:
    typed = {"csat": "1", "contact-wants": "page", key: value}
    page = refused(client, "/s/alles", **typed)
    assert page.errors() == {key: "Choose one of the answers shown here."}


def test_a_forged_field_is_not_kept_anywhere(client: FlaskClient, survey: Survey) -> None:
    send(client, opened(client), csat="3", contact__wants="page", score="5", organisation_id="2", is_test="1", nps="9")
    assert values(responses()[0]) == {"csat": 3.0}
    assert not responses()[0].is_test


@pytest.mark.parametrize(("length", "status"), [(COMMENT_LIMIT, 303), (COMMENT_LIMIT + 1, 422)])
def test_a_comment_up_to_its_limit(client: FlaskClient, survey: Survey, length: int, status: int) -> None:
    answer = send(client, opened(client), csat="3", comment="é" * length, contact__wants="page")
    assert answer.status_code == status
    if status == 422:
        page = Page(answer)
        assert page.errors() == {"comment": "This text is 5001 characters long; there is room for 5000."}
        assert page.form()["comment"] == "é" * length


def test_a_line_end_counts_as_one_character(client: FlaskClient, survey: Survey) -> None:
    answer = send(client, opened(client), csat="3", comment="a\r\n" * (COMMENT_LIMIT // 2), contact__wants="page")
    assert answer.status_code == 303
    assert values(responses()[0])["comment"] == "a\n" * (COMMENT_LIMIT // 2)


def test_a_character_that_cannot_be_kept(client: FlaskClient, survey: Survey) -> None:
    page = refused(client, csat="3", comment="a\x00b", contact__wants="page")
    assert page.errors() == {"comment": "This text holds a character that cannot be kept. Please leave it out."}


@pytest.mark.parametrize("bytes_", ["%ED%A0%80", "%FF%FE", "%C3"])
def test_a_lone_surrogate_and_other_bytes_that_are_no_text(client: FlaskClient, survey: Survey, bytes_: str) -> None:
    token = opened(client).form()[TOKEN]
    body = f"{TOKEN}={token}&csat=3&comment=word+{bytes_}&contact-wants=page"
    page = Page(client.post("/s/bestelling", data=body, content_type="application/x-www-form-urlencoded"))
    assert page.status == 422
    assert "a character that cannot be kept" in page.words
    assert page.form()["comment"].startswith("word "), "what could be read is kept"
    assert responses() == []


@pytest.mark.parametrize(("email", "sentence"), [
    ("", "Fill in your mail address, or choose to hear on a page of your own."),
    ("rita", "“rita” is not a mail address. An example is name@example.org."),
    ("a@x.org,b@y.org", "“a@x.org,b@y.org” is not a mail address. An example is name@example.org."),
    ("rita@example.com\r\nBcc: b@y.org", "“rita@example.com Bcc: b@y.org” is not a mail address. An example is name@example.org."),
])  # fmt: skip
def test_mail_needs_an_address(client: FlaskClient, survey: Survey, email: str, sentence: str) -> None:
    page = refused(client, csat="3", contact__wants="mail", contact__email=email)
    assert page.errors() == {"contact-email": sentence}


def test_nothing_filled_in_is_no_answer(people: Cast, client: FlaskClient, now: datetime) -> None:
    questions = (Draft("comment", "long_text", {"en": "Why?"}),)
    with writing():
        open_survey(create_survey(people.webshop.id, "leeg", {"en": "Empty"}, "en", people.alice.id, questions, now), now)
    page = refused(client, "/s/leeg", comment=" \n ")
    assert "Nothing is filled in yet." in page.words


def test_a_trap_for_machines_that_a_person_can_get_out_of(client: FlaskClient, survey: Survey) -> None:
    assert "Leave this empty" not in opened(client).words
    page = refused(client, csat="3", contact__wants="page", **{TRAP: "http://spam.example"})
    assert page.errors() == {TRAP: "This is a trap for machines. Empty it, and send again."}
    assert Page(send(client, page, **{TRAP: ""})).status == 303


# Once, however often it is sent


def test_sent_twice_it_is_one_answer_and_the_same_page(client: FlaskClient, survey: Survey) -> None:
    page = opened(client)
    first = send(client, page, csat="2", contact__wants="page")
    again = send(client, page, csat="5", contact__wants="page", comment="From the back button.")
    assert again.location == first.location
    assert [r.score for r in responses()] == [2]


def test_sent_again_after_the_survey_closed_it_still_is_that_answer(client: FlaskClient, survey: Survey, now: datetime) -> None:
    page = opened(client)
    first = send(client, page, csat="2", contact__wants="page")
    with writing():
        close_survey(survey, now)
    assert send(client, page, csat="2", contact__wants="page").location == first.location


@pytest.mark.parametrize("token", ["", "nonsense", "InNsdWci.aaaa.bbbb"])
def test_a_machine_that_never_opened_the_page_answers_nothing(client: FlaskClient, survey: Survey, token: str) -> None:
    page = refused(client, csat="3", contact__wants="page", **{TOKEN: token})
    assert "open for too long" in page.words
    assert Page(send(client, page)).status == 303, "a person presses the button once more"


def test_a_page_of_another_survey_does_not_count_here(client: FlaskClient, survey: Survey, long_survey: Survey) -> None:
    other = opened(client, "/s/alles").form()[TOKEN]
    refused(client, csat="3", contact__wants="page", **{TOKEN: other})


# Unknown, not open yet, closed


def test_an_unknown_survey_is_a_page_that_says_so(client: FlaskClient, people: Cast) -> None:
    page = opened(client, "/s/nergens")
    assert page.status == 404
    assert "There is no survey at this address." in page.words


def test_a_draft_is_not_open_yet(client: FlaskClient, people: Cast, now: datetime) -> None:
    with writing():
        create_survey(people.webshop.id, "straks", {"nl": "Straks"}, "nl", people.alice.id, ALL_KINDS[:1], now)
    page = opened(client, "/s/straks?lang=en")
    assert page.status == 404


@pytest.fixture
def closed(survey: Survey, now: datetime) -> Survey:
    with writing():
        survey.organisation.phone, survey.organisation.mail = "043 123 45 67", "help@webshop.example"
        close_survey(survey, now + timedelta(hours=20))
    return survey


def test_a_closed_survey_says_since_when_and_how_to_reach_someone(client: FlaskClient, closed: Survey) -> None:
    page = opened(client)
    assert page.status == 410
    assert page.heading == "This survey closed on 24 November 2026.", "on the organisation's own calendar"
    assert "043 123 45 67" in page.words
    assert page.links()["help@webshop.example"] == "mailto:help@webshop.example"


def test_what_was_typed_while_it_closed_is_not_lost(client: FlaskClient, survey: Survey, now: datetime) -> None:
    page = opened(client)
    with writing():
        close_survey(survey, now)
    late = Page(send(client, page, csat="2", comment="The box\nwas torn.", contact__wants="mail", contact__email="rita@example.com"))
    assert late.status == 410
    assert "The box was torn." in late.words
    assert "rita@example.com" in late.words
    assert "copy it from here" in late.words
    assert responses() == []


def test_a_survey_that_opens_again_takes_answers(client: FlaskClient, closed: Survey, now: datetime) -> None:
    with writing():
        open_survey(closed, now + timedelta(days=2))
    assert send(client, opened(client), csat="2", contact__wants="page").status_code == 303


# Bounds


@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 422), (64 * 1024 + 1, 413)])
def test_a_body_up_to_64_kB(client: FlaskClient, survey: Survey, size: int, status: int) -> None:
    body = "comment=".ljust(size, "x")
    answer = client.post("/s/bestelling", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status
    assert responses() == []


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize(("parts", "status"), [(50, 422), (51, 413)])
def test_up_to_50_parts(client: FlaskClient, survey: Survey, parts: int, status: int, kind: str) -> None:
    answer = client.post("/s/bestelling", data={f"part{n}": "x" for n in range(parts)}, content_type=kind)
    assert answer.status_code == status


def test_other_kinds_of_body_are_an_empty_form(client: FlaskClient, survey: Survey) -> None:
    assert client.post("/s/bestelling", json={"csat": 3}).status_code == 422
    assert responses() == []


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "{{7*7}}", "{% raw %}", "${jndi:ldap://x}", "=cmd|' /C calc'!A0",
    "a\u202eb", "x" + "\u0301" * 1000, "\u200d" * 200, "a\u2028b\u2029c", "%s%n", "' OR 1=1--", "\n" * 4000, "javascript:alert(1)",
])  # fmt: skip
def test_hostile_words_are_words(client: FlaskClient, survey: Survey, text: str) -> None:
    back = Page(send(client, opened(client), comment=text, contact__wants="page"))
    assert back.form()["comment"].lstrip("\n") == text.lstrip("\n"), "shown as typed, after a mistake"
    assert "<script>alert" not in back.html
    assert "<img src=x" not in back.html
    answer = send(client, back, csat="1", comment=text)
    assert values(responses()[0]).get("comment", "") == (text if text.strip() else "")
    own = client.get(answer.location)
    assert own.status_code == 200
    assert "<script>alert" not in own.text
    assert "<img src=x" not in own.text


def test_light_enough_for_a_phone_on_a_bad_line(app: Flask, client: FlaskClient, survey: Survey) -> None:
    assert len(opened(client).html) < 12_000
