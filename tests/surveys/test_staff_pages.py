"""Staff make a survey, open and close it: a form that loses nothing, and pages for everyone who may see them."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db, writing
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast, make_staff
from tests.loop import answered, opened_survey
from tests.pages import Page, get, send

NEW = "/surveys/new"


@pytest.fixture
def alice(app: Flask, people: Cast) -> Colleague:
    """A manager."""
    return signed_in(app, people.alice)


@pytest.fixture
def bob(app: Flask, people: Cast) -> Colleague:
    """An agent."""
    return signed_in(app, people.bob)


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


def surveys() -> list[Survey]:
    db.session.rollback()
    return list(db.session.scalars(select(Survey).order_by(Survey.id)))


def titled(**values: str) -> dict[str, str]:
    return {"title_nl": "Uw reparatie", "title_en": "Your repair", "language": "nl", **values}


# Making one


def test_a_new_survey_starts_with_three_questions_that_close_a_loop(alice: Colleague, people: Cast) -> None:
    page = get(alice, NEW)
    form = page.form()
    assert [form[f"questions-{n}-kind"] for n in range(3)] == ["csat", "long_text", "contact"]
    assert form["questions-0-prompt_en"] == "How satisfied are you, all in all?"
    assert form["signer"] == str(people.alice.id), "whoever makes it signs it, unless they choose another"
    assert form["reply_number"] == "5"


def test_it_is_made_as_a_draft_and_leads_to_its_page(alice: Colleague, people: Cast) -> None:
    answer = send(alice, get(alice, NEW), **titled(slug="reparatie", deputy=str(people.bob.id)))
    (survey,) = surveys()
    assert answer.status_code == 303
    assert answer.location == f"/surveys/{survey.id}"
    assert (survey.state, survey.slug, survey.title) == ("draft", "reparatie", {"nl": "Uw reparatie", "en": "Your repair"})
    assert (survey.signer_id, survey.deputy_id) == (people.alice.id, people.bob.id)
    assert (survey.reply_working_days, survey.reply_hours) == (5, None)
    questions = survey.versions[0].questions
    assert [(q.key, q.kind, q.required) for q in questions] == [("csat", "csat", True), ("comment", "long_text", False), ("contact", "contact", False)]
    assert "The survey is made." in get(alice, answer.location).words


def test_its_address_is_made_from_its_title(alice: Colleague) -> None:
    send(alice, get(alice, NEW), **titled(title_nl="Hoe was het ’s avonds, mét koffie?"))
    assert surveys()[0].slug == "hoe-was-het-s-avonds-met-koffie"


def test_a_reply_time_in_hours(alice: Colleague) -> None:
    send(alice, get(alice, NEW), **titled(reply_number="48", reply_unit="hours"))
    assert (surveys()[0].reply_working_days, surveys()[0].reply_hours) == (None, 48)


def test_a_survey_in_one_language(alice: Colleague) -> None:
    send(alice, get(alice, NEW), **titled(title_en="", questions__0__prompt_en=""))
    assert surveys()[0].languages == ["nl"]
    assert "en" not in surveys()[0].versions[0].questions[0].prompt


def test_a_row_is_added_and_removed_without_losing_what_was_typed(alice: Colleague) -> None:
    more = Page(send(alice, get(alice, NEW), **titled(questions__1__prompt_en="Tell us more", add="single_choice")))
    assert more.status == 200
    assert surveys() == [], "a row is no survey"
    assert more.form()["title_en"] == "Your repair"
    assert more.form()["questions-1-prompt_en"] == "Tell us more"
    assert more.form()["questions-3-kind"] == "single_choice"
    less = Page(send(alice, more, remove="questions-0"))
    assert "questions-0-kind" not in less.form()
    assert less.form()["questions-1-prompt_en"] == "Tell us more"
    send(alice, less, questions__3__choices_nl="De monteur\n\nDe afspraak", questions__3__choices_en="The mechanic\nThe appointment")
    questions = surveys()[0].versions[0].questions
    assert [q.key for q in questions] == ["comment", "contact", "choice"]
    assert questions[2].options["choices"] == [
        {"key": "1", "words": {"nl": "De monteur", "en": "The mechanic"}},
        {"key": "2", "words": {"nl": "De afspraak", "en": "The appointment"}},
    ]


def test_two_questions_of_a_kind_have_keys_of_their_own(alice: Colleague) -> None:
    more = Page(send(alice, get(alice, NEW), **titled(add="long_text")))
    send(alice, more)
    assert [q.key for q in surveys()[0].versions[0].questions] == ["csat", "comment", "contact", "comment_2"]


def test_not_more_rows_than_anybody_answers(alice: Colleague) -> None:
    page = get(alice, NEW)
    for _ in range(19):
        page = Page(send(alice, page, add="csat"))
    assert len([name for name in page.form() if name.endswith("-kind")]) == 20


# What is not right is said beside its field, and nothing typed is lost


def refused(alice: Colleague, **typed: str) -> Page:
    page = Page(send(alice, get(alice, NEW), **titled(**typed)))
    assert page.status in {409, 422}
    assert surveys() == []
    assert page.form()["title_en"] == "Your repair"
    return page


@pytest.mark.parametrize(("typed", "field", "sentence"), [
    ({"title_nl": ""}, "title_nl", "Give a title in the language of the survey."),
    ({"slug": "Mijn Adres!"}, "slug", "An address holds small letters, digits and hyphens"),
    ({"slug": "x" * 61}, "slug", "An address holds small letters"),
    ({"reply_number": "0"}, "reply_number", "Give a number from 1 to 60."),
    ({"reply_number": "61"}, "reply_number", "Give a number from 1 to 60."),
    ({"reply_number": "721", "reply_unit": "hours"}, "reply_number", "Give a number from 1 to 720."),
    ({"reply_number": "soon"}, "reply_number", "Give a whole number."),
    ({"reply_number": ""}, "reply_number", "Give a whole number."),
    ({"signer": "999"}, "signer", "Choose one of the answers shown here."),
    ({"language": "de"}, "language", "Choose one of the answers shown here."),
    ({"questions__0__prompt_nl": " "}, "questions-0-prompt_nl", "Write the question in the language of the survey."),
    ({"questions__0__kind": "telepathy"}, "questions-0-prompt_nl", "This kind of question does not exist."),
    ({"questions__0__kind": "single_choice", "questions__0__choices_nl": "Een"}, "questions-0-choices_nl", "Give at least two answers to choose from."),
])  # fmt: skip
def test_what_is_not_right(alice: Colleague, typed: dict[str, str], field: str, sentence: str) -> None:
    assert sentence in refused(alice, **typed).errors()[field]


def test_an_address_that_is_in_use_also_by_another_organisation(app: Flask, alice: Colleague, people: Cast) -> None:
    charlie = signed_in(app, people.charlie)
    assert send(charlie, get(charlie, NEW), **titled(slug="reparatie")).status_code == 303
    page = Page(send(alice, get(alice, NEW), **titled(slug="reparatie")))
    assert page.status == 409
    assert page.errors() == {"slug": "The address “reparatie” is in use. Choose another one."}
    assert page.form()["title_en"] == "Your repair"


def test_a_colleague_of_another_organisation_cannot_sign(alice: Colleague, people: Cast) -> None:
    assert "signer" in refused(alice, signer=str(people.charlie.id)).errors()


def test_who_left_cannot_sign(app: Flask, alice: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        people.bob.memberships[0].left_at = now
    assert "Bob Bakker" not in get(alice, NEW).words


def test_no_question_is_no_survey(alice: Colleague) -> None:
    page = get(alice, NEW)
    for _ in range(3):
        first = next(name for name in page.form() if name.endswith("-kind"))
        page = Page(send(alice, page, **titled(), remove=first.removesuffix("-kind")))
    assert "A survey needs at least one question." in Page(send(alice, page)).words


def test_who_somebody_is_is_asked_once(alice: Colleague) -> None:
    page = Page(send(alice, get(alice, NEW), **titled(), add="contact"))
    assert "Who somebody is can be asked once." in Page(send(alice, page)).words


# Opening and closing


def test_opened_it_takes_answers_and_closed_it_does_not(alice: Colleague, client: FlaskClient) -> None:
    page = get(alice, send(alice, get(alice, NEW), **titled(slug="reparatie")).location)
    assert client.get("/s/reparatie").status_code == 404
    opened = get(alice, send(alice, page).location)
    assert client.get("/s/reparatie").status_code == 200
    assert "http://127.0.0.1:8000/s/reparatie" in opened.words
    closed = get(alice, send(alice, opened).location)
    assert client.get("/s/reparatie").status_code == 410
    assert "Open it again" in closed.html


def test_closed_twice_says_so(alice: Colleague, survey: Survey) -> None:
    path = f"/surveys/{survey.id}/closing"
    assert [alice.post(path).status_code for _ in range(2)] == [303, 409]


# Who may see what


def test_the_list_counts_answers_and_leaves_tests_out(bob: Colleague, survey: Survey, now: datetime) -> None:
    with writing():
        answered(survey, now)
        answered(survey, now, "Another.").is_test = True
    words = get(bob, "/surveys").words
    assert "Your order open /s/bestelling 1" in words


def test_without_a_survey_the_list_says_what_to_do_next(alice: Colleague, bob: Colleague) -> None:
    assert get(alice, "/surveys").links()["Make a survey"] == NEW
    assert "A manager of your organisation can make one." in get(bob, "/surveys").words


def test_the_page_leads_to_what_is_about_it(bob: Colleague, survey: Survey) -> None:
    links = get(bob, f"/surveys/{survey.id}").links()
    assert links["Who was told"] == "/ledger?survey=bestelling"
    assert "/s/bestelling/you-said" in links.values()
    assert f"/surveys/{survey.id}/rounds" in links.values()


def test_an_agent_and_a_viewer_see_and_change_nothing(app: Flask, bob: Colleague, people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        vera = make_staff(people.webshop, "Vera Visser", "viewer", now)
    for colleague in (bob, signed_in(app, vera)):
        page = get(colleague, f"/surveys/{survey.id}")
        assert "How satisfied are you?" in page.words
        assert "Close the survey" not in page.html
        assert colleague.get(NEW).status_code == 403
        assert [colleague.post(f"/surveys/{survey.id}/{verb}").status_code for verb in ("opening", "closing")] == [403, 403]
        assert colleague.post(NEW, data=titled()).status_code == 403


def test_another_organisations_survey_is_not_there(app: Flask, people: Cast, survey: Survey) -> None:
    charlie = signed_in(app, people.charlie)
    assert charlie.get(f"/surveys/{survey.id}").status_code == 404
    assert charlie.post(f"/surveys/{survey.id}/closing").status_code == 404
    assert "Your order" not in get(charlie, "/surveys").words
    assert surveys()[0].is_open


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient, survey: Survey) -> None:
    for path in ("/surveys", NEW, f"/surveys/{survey.id}"):
        assert client.get(path).status_code == 401
    assert client.post(f"/surveys/{survey.id}/closing").status_code in {400, 401}
    assert surveys()[0].is_open


@pytest.mark.parametrize("id", ["0", "999999", "9223372036854775808", "99999999999999999999999"])
def test_an_id_that_is_nobodys(alice: Colleague, id: str) -> None:
    assert alice.get(f"/surveys/{id}").status_code == 404


def test_words_of_staff_are_words(alice: Colleague) -> None:
    send(alice, get(alice, NEW), **titled(title_en="<script>alert(1)</script>", slug="x"))
    assert "<script>alert(1)" not in alice.get("/surveys").text
    assert "<script>alert(1)" not in alice.get(f"/surveys/{surveys()[0].id}").text
