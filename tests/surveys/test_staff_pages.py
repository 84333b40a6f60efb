"""The pages about surveys: opening and closing, and who may see what."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import writing
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast, make_staff
from tests.loop import answered
from tests.pages import Page, get, send
from tests.surveys.making import NEW, surveys, titled


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


def test_an_agent_and_a_viewer_see_and_change_nothing(
    app: Flask, bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        vera = make_staff(people.webshop, "Vera Visser", "viewer", now)
    for colleague in (bob, signed_in(app, vera)):
        page = get(colleague, f"/surveys/{survey.id}")
        assert "How satisfied are you?" in page.words
        assert "Close the survey" not in page.html
        assert colleague.get(NEW).status_code == 403
        assert [
            colleague.post(f"/surveys/{survey.id}/{verb}").status_code for verb in ("opening", "closing")
        ] == [403, 403]
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


@pytest.mark.both_databases
def test_an_id_that_is_nobodys(alice: Colleague) -> None:
    for id in (0, 999_999, 2**63 - 1, 2**63, 10**30):
        assert alice.get(f"/surveys/{id}").status_code == 404, id


def test_words_of_staff_are_words(alice: Colleague) -> None:
    send(alice, get(alice, NEW), **titled(title_en="<script>alert(1)</script>", slug="x"))
    assert "<script>alert(1)" not in alice.get("/surveys").text
    assert "<script>alert(1)" not in alice.get(f"/surveys/{surveys()[0].id}").text


# The page of a survey: what was set stands in a line, and opens into its form


def test_a_setting_says_how_it_stands_and_opens_when_its_form_came_back(
    alice: Colleague, survey: Survey
) -> None:
    here = f"/surveys/{survey.id}"
    closed = get(alice, here)
    assert "What managers watch over What you write is told after the hold" in closed.words
    assert '<details class="fold setting">' in closed.html
    assert '<details class="fold setting" open>' not in closed.html
    back = Page(alice.post(f"{here}/watch", data={"detractor_bound": "many"}))
    assert back.html.count('<details class="fold setting" open>') == 1
    assert 'value="many"' in back.html


def test_an_agent_reads_how_everything_is_set_and_finds_no_form(bob: Colleague, survey: Survey) -> None:
    page = get(bob, f"/surveys/{survey.id}")
    assert "Settings All questions on one page. What you write is told after the hold" in page.words
    assert "Nobody is closed by default" in page.words
    assert '<details class="fold setting"' not in page.html


def test_links_stand_under_what_they_are_for(alice: Colleague, survey: Survey) -> None:
    words = get(alice, f"/surveys/{survey.id}").words
    order = ["Change the survey", "Close the survey", "Copy it", "Its answers Comments", "Bring it to people Who was asked", "Files Answers from elsewhere", "What you promise Who signs", "Questions", "Settings How customers meet it"]  # fmt: skip
    assert [words.find(w) for w in order] == sorted(words.find(w) for w in order)
    assert all(w in words for w in order)
