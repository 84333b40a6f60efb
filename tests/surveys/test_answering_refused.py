"""What is not right is said beside its field, and nothing typed is lost."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from core.db import writing
from core.text import COMMENT_LIMIT
from surveys.asking import TOKEN, TRAP
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey
from tests.cast import Cast
from tests.pages import Page, send
from tests.surveys.answers import opened, refused, responses, values


def test_a_required_question_left_empty(client: FlaskClient, survey: Survey) -> None:
    page = refused(
        client, comment="I forgot the score.", contact__wants="mail", contact__email="rita@example.com"
    )
    assert page.errors() == {"csat": "Please answer this question."}
    assert page.form()["comment"] == "I forgot the score."
    assert page.form()["contact-email"] == "rita@example.com"
    assert page.links()["How satisfied are you?"] == "#csat-0"
    assert Page(send(client, page, csat="1")).status == 303, "mended and sent again"


def test_a_score_outside_the_scale(client: FlaskClient, survey: Survey) -> None:
    for score in ("0", "6", "-1", "2.5", "9" * 30, "NaN", "1e309", "five", "４", " 3"):
        page = refused(client, csat=score, comment="Kept.", contact__wants="page")
        assert page.errors() == {"csat": "Choose one of the answers shown here."}, score
        assert page.form()["comment"] == "Kept."


@pytest.mark.parametrize(("key", "value"), [("kept", "maybe"), ("about", "3"), ("contact-wants", "pigeon")])
def test_a_forged_choice(client: FlaskClient, long_survey: Survey, key: str, value: str) -> None:
    typed = {"csat": "1", "contact-wants": "page", key: value}
    page = refused(client, "/s/alles", **typed)
    assert page.errors() == {key: "Choose one of the answers shown here."}


def test_a_forged_field_is_not_kept_anywhere(client: FlaskClient, survey: Survey) -> None:
    send(
        client,
        opened(client),
        csat="3",
        contact__wants="page",
        score="5",
        organisation_id="2",
        is_test="1",
        nps="9",
    )
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
    answer = send(
        client, opened(client), csat="3", comment="a\r\n" * (COMMENT_LIMIT // 2), contact__wants="page"
    )
    assert answer.status_code == 303
    assert values(responses()[0])["comment"] == "a\n" * (COMMENT_LIMIT // 2)


def test_a_character_that_cannot_be_kept(client: FlaskClient, survey: Survey) -> None:
    page = refused(client, csat="3", comment="a\x00b", contact__wants="page")
    assert page.errors() == {
        "comment": "This text holds a character that cannot be kept. Please leave it out."
    }


@pytest.mark.parametrize("bytes_", ["%ED%A0%80", "%FF%FE", "%C3"])
def test_a_lone_surrogate_and_other_bytes_that_are_no_text(
    client: FlaskClient, survey: Survey, bytes_: str
) -> None:
    token = opened(client).form()[TOKEN]
    body = f"{TOKEN}={token}&csat=3&comment=word+{bytes_}&contact-wants=page"
    page = Page(client.post("/s/bestelling", data=body, content_type="application/x-www-form-urlencoded"))
    assert page.status == 422
    assert "a character that cannot be kept" in page.words
    assert page.form()["comment"].startswith("word "), "what could be read is kept"
    assert responses() == []


@pytest.mark.parametrize(("email", "sentence"), [
    ("", "Fill in your mail address, or choose another way to hear."),
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
        open_survey(
            create_survey(people.webshop.id, "leeg", {"en": "Empty"}, "en", people.alice.id, questions, now),
            now,
        )
    page = refused(client, "/s/leeg", comment=" \n ")
    assert "Nothing is filled in yet." in page.words


def test_a_trap_for_machines_that_a_person_can_get_out_of(client: FlaskClient, survey: Survey) -> None:
    assert "Leave this empty" not in opened(client).words
    page = refused(client, csat="3", contact__wants="page", **{TRAP: "http://spam.example"})
    assert page.errors() == {TRAP: "This is a trap for machines. Empty it, and send again."}
    assert Page(send(client, page, **{TRAP: ""})).status == 303
