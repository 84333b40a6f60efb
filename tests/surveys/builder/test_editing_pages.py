"""Staff change a survey in the form that made it; what they typed is there when somebody else was quicker."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from core.db import db, writing
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.loop import answered
from tests.pages import Page, get, send
from tests.surveys.answers import opened
from tests.surveys.making import NEW, surveys, titled


def edit(survey: Survey) -> str:
    return f"/surveys/{survey.id}/edit"


def keys(survey: Survey) -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [q.key for q in surveys()[0].versions[-1].questions]


def test_it_is_filled_with_what_is_there_and_kept_as_it_was(alice: Colleague, long_survey: Survey) -> None:
    with writing():
        long_survey.language = "en"
    before = [(q.key, q.kind, q.prompt, q.help or {}, q.options) for q in long_survey.versions[0].questions]
    answer = send(alice, get(alice, edit(long_survey)), save="yes")
    assert answer.status_code == 303, Page(answer).errors()
    db.session.rollback()
    (survey,) = surveys()
    assert len(survey.versions) == 1, "nothing was changed"
    assert [
        (q.key, q.kind, q.prompt, q.help or {}, q.options) for q in survey.versions[0].questions
    ] == before


def test_new_questions_wait_on_its_page_until_they_are_published(
    alice: Colleague, client: FlaskClient, survey: Survey
) -> None:
    answer = send(alice, get(alice, edit(survey)), questions__0__prompt_en="Were you happy?", save="yes")
    page = get(alice, answer.location)
    assert "Customers still see the questions as they were" in page.words
    assert "in other words: “" in page.words
    assert "Were you happy?" not in opened(client).words
    alice.post(f"/surveys/{survey.id}/publication")
    assert "Were you happy?" in opened(client).words
    assert alice.post(f"/surveys/{survey.id}/publication").status_code == 409


def test_kept_and_published_at_once(alice: Colleague, client: FlaskClient, survey: Survey) -> None:
    send(alice, get(alice, edit(survey)), questions__0__prompt_en="Were you happy?", publish="yes")
    assert "Were you happy?" in opened(client).words


def test_thrown_away_nothing_waits(alice: Colleague, survey: Survey) -> None:
    send(alice, get(alice, edit(survey)), questions__0__prompt_en="Were you happy?", save="yes")
    answer = alice.post(f"/surveys/{survey.id}/discarding")
    assert "Were you happy?" not in get(alice, answer.location).words
    assert alice.post(f"/surveys/{survey.id}/discarding").status_code == 409


def test_a_question_that_is_left_out_is_asked_no_more_and_can_be_asked_again(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    with writing():
        answered(survey, now)
        answered(survey, now, email="b@example.com").is_test = True
    first, *_rest = keys(survey)
    page = Page(send(alice, get(alice, edit(survey)), remove="questions-0"))
    assert "Ask again what was asked before" in page.words
    send(alice, page, publish="yes")
    assert first not in keys(survey)
    shown = get(alice, f"/surveys/{survey.id}").words
    assert "Asked no more" in shown
    assert "1 answer, which stays" in shown
    again = Page(send(alice, get(alice, edit(survey)), add=f"again {first}"))
    send(alice, again, publish="yes")
    assert keys(survey)[-1] == first
    assert Page(send(alice, get(alice, edit(survey)), add="again nothing")).status == 200


def test_a_new_question_never_gets_the_key_of_one_that_was_asked(alice: Colleague, survey: Survey) -> None:
    page = Page(send(alice, get(alice, edit(survey)), remove="questions-0"))
    page = Page(send(alice, page, add="csat"))
    send(alice, page, publish="yes")
    assert keys(survey)[-1] == "csat_2"


def test_a_key_that_is_typed_into_the_form_means_nothing(alice: Colleague, survey: Survey) -> None:
    page = Page(send(alice, get(alice, edit(survey)), add="nps"))
    send(alice, page, questions__3__key="comment", publish="yes")
    assert sorted(keys(survey)) == ["comment", "contact", "csat", "nps"]


def test_of_two_at_one_survey_the_second_keeps_what_they_typed(alice: Colleague, survey: Survey) -> None:
    mine = get(alice, edit(survey))
    send(alice, get(alice, edit(survey)), title_en="Theirs", save="yes")
    answer = Page(send(alice, mine, title_en="Mine", save="yes"))
    assert answer.status == 409
    assert "Somebody else changed this survey meanwhile" in answer.words
    assert answer.form()["title_en"] == "Mine"


def test_a_line_without_words_in_a_language_stands_as_a_hyphen(alice: Colleague) -> None:
    page = Page(send(alice, get(alice, NEW), **titled(add="single_choice")))
    send(alice, page, questions__3__choices_nl="Rood\nGroen\nBlauw", questions__3__choices_en="-\nGreen\n-")
    choices = surveys()[0].versions[0].questions[3].options["choices"]
    assert [one["words"] for one in choices] == [
        {"nl": "Rood"},
        {"nl": "Groen", "en": "Green"},
        {"nl": "Blauw"},
    ]
    assert get(alice, edit(surveys()[0])).form()["questions-3-choices_en"] == "-\nGreen\n-"


def test_who_has_the_page_open_while_new_questions_are_published_loses_nothing(
    alice: Colleague, client: FlaskClient, survey: Survey
) -> None:
    page = opened(client)
    removed = Page(send(alice, get(alice, edit(survey)), remove="questions-1"))
    send(alice, removed, publish="yes")
    sent = client.post(
        "/s/bestelling", data={**page.form(), "csat": "2", "comment": "Too late.", "contact-wants": "page"}
    )
    assert sent.status_code == 303
    (response,) = db.session.query(Response).all()
    assert (response.version.number, [a.text for a in response.answers if a.text]) == (1, ["Too late."])


@pytest.mark.parametrize("said", ["0", "99", "-1", "x", "9" * 30, "²"])
def test_a_version_that_never_was_is_the_newest(client: FlaskClient, survey: Survey, said: str) -> None:
    page = opened(client)
    sent = client.post(
        "/s/bestelling",
        data={**page.form(), "csat": "2", "contact-wants": "page", "terugkoppel-version": said},
    )
    assert sent.status_code == 303


@pytest.mark.parametrize("verb", ["edit", "publication", "discarding"])
def test_only_managers_change_it(bob: Colleague, survey: Survey, verb: str) -> None:
    assert bob.post(f"/surveys/{survey.id}/{verb}").status_code == 403
    assert "Change the survey" not in get(bob, f"/surveys/{survey.id}").words
