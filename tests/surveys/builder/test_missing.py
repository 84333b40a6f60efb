"""What a survey does not say in one of its languages is counted and shown; it is opened without it only knowingly."""

from dataclasses import replace
from datetime import datetime

from flask.testing import FlaskClient

from core.db import writing
from core.languages import in_language
from surveys.builder.building import Draft, create_survey
from surveys.builder.missing import in_each_language
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.pages import Page, get, send
from tests.surveys.making import surveys

CHOICES = [{"key": "1", "words": {"nl": "Rood", "en": "Red"}}, {"key": "2", "words": {"nl": "Blauw"}}]
COLOUR = Draft(
    "colour",
    "single_choice",
    {"nl": "Welke kleur?"},
    help={"nl": "Kies er een."},
    options={"choices": CHOICES},
)
WHY = Draft("why", "long_text", {"nl": "Waarom?", "en": "Why?"})


def draft(people: Cast, now: datetime, *questions: Draft, title: dict[str, str] | None = None) -> Survey:
    with writing():
        return create_survey(
            people.webshop.id,
            "kleur",
            title or {"nl": "Kleur", "en": "Colour"},
            "nl",
            people.alice.id,
            questions,
            now,
        )


def test_each_language_says_how_far_it_is(people: Cast, now: datetime) -> None:
    dutch, english = in_each_language(draft(people, now, COLOUR, WHY))
    assert (dutch.language, dutch.said, dutch.all, dutch.missing) == ("nl", 6, 6, ())
    assert (english.language, english.said, english.all) == ("en", 3, 6)
    assert english.missing == ("Welke kleur?", "Kies er een.", "Blauw")


def test_a_survey_in_one_language_misses_nothing(people: Cast, now: datetime) -> None:
    (dutch,) = in_each_language(draft(people, now, COLOUR, WHY, title={"nl": "Kleur"}))
    assert dutch.missing == ()


def test_the_lines_of_a_matrix_and_the_words_of_a_scale_count(people: Cast, now: datetime) -> None:
    matrix = Draft("parts", "matrix", {"nl": "Delen?"}, options={"choices": CHOICES, "rows": CHOICES})
    scale = replace(
        WHY, key="csat", kind="csat", options={"words": [{"nl": "slecht"}, {"nl": "goed", "en": "good"}]}
    )
    english = in_each_language(draft(people, now, matrix, scale))[1]
    assert english.missing == ("Delen?", "Blauw", "Blauw", "slecht")


def test_it_is_opened_without_words_only_knowingly(
    alice: Colleague, client: FlaskClient, people: Cast, now: datetime
) -> None:
    survey = draft(people, now, COLOUR, WHY)
    page = get(alice, f"/surveys/{survey.id}")
    assert "English: 3 of 6 texts" in page.words
    assert "3 are missing" in page.words
    refused = alice.post(f"/surveys/{survey.id}/opening")
    assert refused.status_code == 422
    assert "Words are missing in a language." in Page(refused).words
    assert surveys()[0].state == "draft"
    assert send(alice, page, knowingly="yes").status_code == 303
    shown = get(client, "/s/kleur?lang=en")
    assert "Welke kleur?" in shown.words, "the words of its own language stand in for it"
    assert "Why?" in shown.words


def test_a_survey_that_says_all_is_opened_without_a_question(
    alice: Colleague, people: Cast, now: datetime
) -> None:
    survey = draft(people, now, WHY)
    page = get(alice, f"/surveys/{survey.id}")
    assert "I know that words are missing" not in page.words
    assert alice.post(f"/surveys/{survey.id}/opening").status_code == 303


def test_new_questions_are_published_without_words_only_knowingly(alice: Colleague, survey: Survey) -> None:
    edit = f"/surveys/{survey.id}/edit"
    refused = Page(send(alice, get(alice, edit), questions__0__prompt_en="", publish="yes"))
    assert refused.status == 422
    assert "Words are missing in a language." in refused.words
    assert refused.form()["questions-0-prompt_en"] == "", "what was typed stays"
    assert len(surveys()[0].versions) == 1
    send(alice, get(alice, edit), questions__0__prompt_en="", save="yes")
    assert alice.post(f"/surveys/{survey.id}/publication").status_code == 422
    assert alice.post(f"/surveys/{survey.id}/publication", data={"knowingly": "yes"}).status_code == 303


def test_a_language_nobody_wrote_falls_back_to_what_there_is() -> None:
    assert in_language({"nl": "Ja"}, "en") == "Ja"
    assert in_language({}, "en") == ""
