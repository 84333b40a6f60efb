"""The first question as a mail asks it, and who signs that mail."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import Membership
from core.db import db, writing
from core.models import Organisation
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.invitations.first_question import first_question
from surveys.invitations.letters import NO_QUESTION, asking, signer, write
from surveys.models import Survey
from tests.cast import Cast

BOX = {
    "choices": [
        {"key": "1", "words": {"nl": "De doos", "en": "The box"}},
        {"key": "2", "words": {"en": "The courier"}},
    ]
}


@pytest.fixture
def made(people: Cast, now: datetime) -> Any:
    """An open survey with these questions."""

    def make(*drafts: Draft) -> Survey:
        with writing():
            survey = create_survey(
                people.webshop.id,
                "vragen",
                {"nl": "Vragen", "en": "Questions"},
                "nl",
                people.alice.id,
                drafts,
                now,
            )
            open_survey(survey, now)
            return survey

    return make


def asked(kind: str, **options: Any) -> Draft:
    return Draft(kind, kind, {"nl": "Hoe?", "en": "How?"}, options=options)


@pytest.mark.parametrize(
    ("kind", "steps"), [("csat", 5), ("ces", 7), ("nps", 11), ("rating", 5), ("yes_no", 2)]
)
def test_a_scale_has_a_link_for_each_step_in_each_language(made: Any, kind: str, steps: int) -> None:
    found = first_question(made(asked(kind)))
    assert set(found) == {"nl", "en"}
    assert {code: (one["prompt"], len(one["answers"])) for code, one in found.items()} == dict.fromkeys(
        ("nl", "en"), ("Hoe?", steps)
    ) | {"en": ("How?", steps)}


def test_the_words_of_the_steps_are_in_the_language_of_the_mail(made: Any) -> None:
    found = first_question(made(asked("csat")))
    assert found["nl"]["answers"][0] == ["1", "zeer ontevreden"]
    assert found["en"]["answers"][4] == ["5", "very satisfied"]


def test_a_scale_of_bare_numbers_names_its_ends(made: Any) -> None:
    found = first_question(made(asked("nps")))["en"]
    assert found["answers"][10] == ["10", "10"]
    assert found["low"]
    assert found["high"]


def test_a_choice_is_asked_in_its_own_words(made: Any) -> None:
    found = first_question(made(asked("single_choice", **BOX)))
    assert found["nl"]["answers"] == [["1", "De doos"], ["2", "The courier"]]


def test_more_choices_than_a_mail_can_show_are_a_button(made: Any) -> None:
    many = {"choices": [{"key": str(n), "words": {"en": f"Choice {n}"}} for n in range(12)]}
    assert first_question(made(asked("single_choice", **many)))["en"]["answers"] == []


@pytest.mark.parametrize("kind", ["long_text", "short_text", "date", "multiple_choice"])
def test_what_is_not_answered_by_one_click_is_a_button(made: Any, kind: str) -> None:
    options = BOX if kind == "multiple_choice" else {}
    found = first_question(made(asked(kind, **options), asked("csat")))["en"]
    assert (found["key"], found["answers"]) == (kind, []), "the first one, not the first that fits"


def test_who_somebody_is_and_what_is_hidden_are_not_asked_in_a_mail(made: Any) -> None:
    found = first_question(made(asked("hidden"), asked("contact"), asked("csat")))["en"]
    assert found["key"] == "csat"


def test_a_survey_that_was_never_published_asks_nothing(people: Cast, now: datetime) -> None:
    with writing():
        draft = create_survey(
            people.webshop.id, "concept", {"en": "Draft"}, "en", people.alice.id, [asked("csat")], now
        )
    assert first_question(draft) == {}


# The mail around it


def letter(survey: Survey, now: datetime, language: str = "en", name: str = "") -> str:
    mail = asking("invitation", survey, language, name, {}, now, link="LINK", unsubscribe="STOP")
    return write(mail, language, now).text


@pytest.mark.parametrize("kind", ["invitation", "reminder"])
@pytest.mark.parametrize("title", ["How was your order?", "Your order"])
def test_a_title_may_be_a_question_or_a_thing(survey: Survey, now: datetime, kind: str, title: str) -> None:
    mail = replace(asking(kind, survey, "en", "", {}, now, link="LINK", unsubscribe="STOP"), title=title)
    written = write(mail, "en", now)
    assert written.subject.endswith(f" from Webshop: {title}")
    assert title not in written.text, "the subject said it"
    assert written.html.count(title) == 2, "as the page's title and as its heading"


def away(people: Cast, name: str, until: datetime) -> None:
    with writing():
        staff_id = getattr(people, name).id
        db.session.scalars(select(Membership).where(Membership.staff_id == staff_id)).one().away_until = until


def test_the_signer_signs_and_the_deputy_while_they_are_away(
    people: Cast, survey: Survey, now: datetime
) -> None:
    assert signer(survey, now).name == "Alice Adams"
    away(people, "alice", now + timedelta(days=3))
    assert signer(survey, now).name == "Bob Bakker"
    assert "Bob Bakker\nWebshop" in letter(survey, now)
    assert signer(survey, now + timedelta(days=3)).name == "Alice Adams"


def test_when_both_are_away_the_signer_signs_all_the_same(
    people: Cast, survey: Survey, now: datetime
) -> None:
    for name in ("alice", "bob"):
        away(people, name, now + timedelta(days=3))
    assert signer(survey, now).name == "Alice Adams"


def test_without_a_question_there_is_one_button(survey: Survey, now: datetime) -> None:
    assert NO_QUESTION["answers"] == []
    assert "Give your answer: LINK\n" in letter(survey, now)


def test_it_says_what_happens_with_an_answer_and_until_when_the_link_works(
    survey: Survey, now: datetime
) -> None:
    words = letter(survey, now)
    assert "You hear what was done with it within 5 working days." in words
    assert "works until Sunday 20 December 2026. You need not answer." in words


@pytest.mark.parametrize(("form", "words"), [("u", "We horen graag van u"), ("je", "We horen graag van je")])
def test_dutch_addresses_people_as_the_organisation_does(
    people: Cast, survey: Survey, now: datetime, form: str, words: str
) -> None:
    with writing():
        db.session.get_one(Organisation, people.webshop.id).form_of_address = form
    assert words in letter(survey, now, "nl")
