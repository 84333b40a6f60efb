"""A survey that asks one question a page: how far, back without loss, and nothing but links, rows and buttons."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.db import db, writing
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey
from surveys.partial.models import Unfinished
from tests.browser import Colleague
from tests.cast import Cast
from tests.pages import Page, get
from tests.surveys.answers import ALL_KINDS, responses, values
from tests.surveys.kinds.test_kinds_composed import OPTIONS

AFTER_A_NO = Draft(
    "why", "long_text", {"en": "What went wrong?"}, options={"show_if": {"key": "kept", "answers": ["no"]}}
)


@pytest.fixture
def steps(people: Cast, now: datetime) -> Survey:
    """Nine questions, of which the fifth is asked after a no."""
    with writing():
        made = create_survey(
            people.webshop.id, "stap", {"nl": "Stap voor stap", "en": "Step by step"}, "en", people.alice.id,
            (*ALL_KINDS[:4], AFTER_A_NO, *ALL_KINDS[4:], Draft("order_no", "hidden", {"en": "Order"})), now,
        )  # fmt: skip
        open_survey(made, now)
        made.one_by_one = True
    return made


def press(client: FlaskClient, page: Page, go: str = "next", **typed: str) -> Page:
    answer = client.post(page.action(), data={**page.form(), "go": go, **typed})
    return get(client, answer.location) if answer.status_code == 303 else Page(answer)


def at_the_first(client: FlaskClient, query: str = "") -> Page:
    return get(client, f"/s/stap{query}")


def test_the_first_page_holds_one_question_and_says_how_far(client: FlaskClient, steps: Survey) -> None:
    page = at_the_first(client)
    assert "Question 1 of 8" in page.words
    assert "How satisfied are you?" in page.words
    assert "Would you recommend us?" not in page.words
    assert "Back" not in page.words


def test_a_whole_answer_question_by_question(client: FlaskClient, steps: Survey) -> None:
    page = at_the_first(client)
    for typed in (
        {"csat": "4"},
        {"nps": "9"},
        {"feel": "happy"},
        {"kept": "no"},
        {"why": "It never came."},
    ):
        page = press(client, page, **typed)
    assert "Question 6 of 9" in page.words, "one more is asked after a no"
    for typed in ({"about": "2"}, {"order": "A-17"}, {"comment": "All in all."}):
        page = press(client, page, **typed)
    assert "Send my answer" in page.words
    page = press(client, page, "send", **{"contact-wants": "page"})
    assert page.status == 200
    assert "It never came." in page.words
    (response,) = responses()
    assert values(response) | {"feel": ""} == {
        "csat": 4, "nps": 9, "feel": "", "kept": "no", "why": "It never came.", "about": "2", "order": "A-17",
        "comment": "All in all.",
    }  # fmt: skip


def test_back_and_forth_loses_nothing_also_what_is_not_right(client: FlaskClient, steps: Survey) -> None:
    page = press(client, press(client, at_the_first(client), csat="4"), nps="9")
    page = press(client, page, "back")
    assert "Question 2 of 8" in page.words
    assert page.form()["nps"] == "9"
    page = press(client, page, "back", nps="3")
    assert page.form()["csat"] == "4"
    page = press(client, page)
    assert page.form()["nps"] == "3", "Back kept what was chosen meanwhile"


def test_what_must_be_answered_is_said_on_its_own_page(client: FlaskClient, steps: Survey) -> None:
    page = press(client, at_the_first(client))
    assert page.status == 422
    assert "Please answer this question." in page.errors()["csat"]
    assert "Question 1 of 8" in page.words
    page = press(client, page, csat="3")
    assert "Question 2 of 8" in page.words
    page = press(client, page)
    assert "Question 3 of 8" in page.words, "the rest may be left open"


def test_what_was_not_asked_in_the_end_is_not_kept(client: FlaskClient, steps: Survey) -> None:
    page = press(client, at_the_first(client), csat="4")
    page = press(client, press(client, press(client, page), kept=""), kept="no")
    page = press(client, page, "back", why="I take it back.")
    page = press(client, page, kept="yes")
    assert "What about?" in page.words
    for _ in range(3):
        page = press(client, page)
    press(client, page, "send", **{"contact-wants": "page"})
    assert "why" not in values(responses()[0])


def test_sent_with_something_missing_it_shows_where(client: FlaskClient, steps: Survey) -> None:
    page = press(client, at_the_first(client), "keep")
    assert "It is kept" in page.words, "also an empty page can be kept"
    last = get(client, f"{page.action()}?at=99")
    page = press(client, last, "send", **{"contact-wants": "page"})
    assert page.status == 422
    assert "Question 1 of 8" in page.words
    assert "csat" in page.errors()


def test_sent_without_the_address_they_want_to_hear_at_it_asks_for_that(
    client: FlaskClient, steps: Survey
) -> None:
    page = press(client, at_the_first(client), csat="4")
    page = press(client, get(client, f"{page.action()}?at=8"), "send")
    assert page.status == 422
    assert "Question 8 of 8" in page.words
    assert page.errors()["contact-email"] == "Fill in your mail address, or choose another way to hear."
    page = press(client, page, "send", **{"contact-email": "rita@example.org"})
    assert page.status == 200
    assert len(responses()) == 1


@pytest.mark.parametrize("kind", ["ranking", "matrix", "expectation_gap", "multiple_choice"])
def test_sent_with_several_lines_left_open_it_shows_them(
    client: FlaskClient, people: Cast, now: datetime, kind: str
) -> None:
    asked = (
        Draft("lines", kind, {"en": "How was each?"}, required=True, options=OPTIONS),
        Draft("comment", "long_text", {"en": "Why?"}),
    )
    with writing():
        made = create_survey(people.webshop.id, "stap", {"en": "Steps"}, "en", people.alice.id, asked, now)
        open_survey(made, now)
        made.one_by_one = True
    page = press(client, at_the_first(client), "keep")
    page = press(client, get(client, f"{page.action()}?at=2"), "send", comment="The last, and not the first.")
    assert page.status == 422
    assert "Question 1 of 2" in page.words
    assert "Please answer this question." in page.errors().values()


def test_an_address_fills_in_later_questions_and_carries_what_it_carries(
    client: FlaskClient, steps: Survey
) -> None:
    page = press(client, at_the_first(client, "?nps=8&order_no=X-1&contact=evil"), csat="4")
    assert page.form()["nps"] == "8"
    press(client, page, "keep")
    press(client, get(client, f"{page.action()}?at=8"), "send", **{"contact-wants": "page"})
    assert values(responses()[0]) == {"csat": 4, "nps": 8, "order_no": "X-1"}


@pytest.mark.parametrize("at", ["0", "-1", "99", "x", "", "9" * 30])
def test_any_place_is_a_question(client: FlaskClient, steps: Survey, at: str) -> None:
    page = press(client, at_the_first(client), csat="4")
    assert "Question" in get(client, f"{page.action()}?at={at}").words
    assert client.post(page.action(), data={**page.form(), "at": at, "go": "back"}).status_code == 303


def test_going_on_later_comes_back_to_the_same_question(client: FlaskClient, steps: Survey) -> None:
    page = press(client, press(client, at_the_first(client), csat="4"), "keep", nps="7")
    assert "It is kept" in page.words
    assert "Question 2 of 8" in page.words
    assert page.form()["nps"] == "7"


def test_nothing_is_kept_in_a_cookie(client: FlaskClient, steps: Survey) -> None:
    page = press(client, at_the_first(client), csat="4")
    assert "Set-Cookie" not in page.headers
    assert db.session.query(Unfinished).count() == 1


def test_a_manager_chooses_it_on_the_page_of_the_survey(alice: Colleague, survey: Survey) -> None:
    assert alice.post(f"/surveys/{survey.id}/answering", data={"one_by_one": "y"}).status_code == 303
    db.session.refresh(survey)
    assert (survey.one_by_one, survey.anonymous) == (True, False)
    assert "Question 1 of 3" in get(alice, "/s/bestelling").words
    assert alice.post(f"/surveys/{survey.id}/answering", data={"sent": "1"}).status_code == 303
    assert "Question 1 of 3" not in get(alice, "/s/bestelling").words


def test_an_agent_reads_how_it_is_and_does_not_choose(bob: Colleague, survey: Survey) -> None:
    assert "All questions on one page." in get(bob, f"/surveys/{survey.id}").words
    assert bob.post(f"/surveys/{survey.id}/answering", data={"one_by_one": "y"}).status_code == 403


def test_a_whole_form_sent_at_once_is_taken_too(client: FlaskClient, steps: Survey) -> None:
    """A program, or a page that was open when the setting changed."""
    page = at_the_first(client)
    form: dict[str, Any] = {**page.form(), "csat": "4", "contact-wants": "page"}
    assert client.post("/s/stap", data=form).status_code == 303


def test_going_back_to_the_first_page_with_the_browser_loses_nothing(
    client: FlaskClient, steps: Survey
) -> None:
    first = at_the_first(client)
    press(client, press(client, first, csat="4"), nps="9")
    page = press(client, first, csat="5")
    assert page.form()["nps"] == "9"
    assert db.session.query(Unfinished).count() == 1
    assert get(client, f"{page.action()}?at=1").form()["csat"] == "5"


def test_the_link_alone_leads_to_where_they_were(client: FlaskClient, steps: Survey) -> None:
    page = press(client, press(client, at_the_first(client), csat="4"), nps="9")
    assert "Question 3 of 8" in get(client, page.action()).words


def test_in_a_frame_of_another_site_all_of_it_stands_on_one_page(client: FlaskClient, steps: Survey) -> None:
    page = at_the_first(client, "?embed=1")
    assert "Question 1" not in page.words
    assert "Go on later" not in page.words
    answer = client.post(page.action(), data={**page.form(), "csat": "4", "contact-wants": "page"})
    assert answer.location.startswith("/s/stap/answered?embed=1")


def test_a_page_that_was_open_while_the_setting_changed_loses_nothing(
    client: FlaskClient, steps: Survey
) -> None:
    page = press(client, press(client, at_the_first(client), csat="4"), nps="9")
    with writing():
        db.session.get_one(Survey, steps.id).one_by_one = False
    page = press(client, page, "keep", feel="happy")
    assert {name: page.form()[name] for name in ("csat", "nps", "feel")} == {
        "csat": "4", "nps": "9", "feel": "happy",
    }  # fmt: skip
    with writing():
        db.session.get_one(Survey, steps.id).one_by_one = True
    page = press(client, page, "keep", comment="All of it on one page.")
    assert get(client, f"{page.action()}?at=7").form()["comment"] == "All of it on one page."


def test_another_language_stays_at_the_question(client: FlaskClient, steps: Survey) -> None:
    page = press(client, get(client, "/s/stap"), csat="2")
    (dutch,) = [e for e in page.tree.iter("button") if e.attrib.get("lang") == "nl"]
    answer = client.post(
        dutch.attrib["formaction"], data={**page.form(), "nps": "7", "go": dutch.attrib["value"]}
    )
    again = get(client, answer.location)
    assert (again.form()["at"], again.form()["nps"], again.heading) == ("2", "7", "Stap voor stap")
