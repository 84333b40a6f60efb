"""What is not right in a new survey is said beside its field, and nothing typed is lost."""

from datetime import datetime

from flask import Flask

from core.db import writing
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.each import each
from tests.pages import Page, get, send
from tests.surveys.making import NEW, surveys, titled


def refused(alice: Colleague, **typed: str) -> Page:
    page = Page(send(alice, get(alice, NEW), **titled(**typed)))
    assert page.status in {409, 422}
    assert surveys() == []
    assert page.form()["title_en"] == "Your repair"
    return page


@each(("typed", "field", "sentence"), [
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


def test_an_address_that_is_in_use_also_by_another_organisation(
    app: Flask, alice: Colleague, people: Cast
) -> None:
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
