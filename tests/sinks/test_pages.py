"""Hostile words on the pages of staff and of respondents: they are words, and nothing else."""

from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask.testing import FlaskClient

from core import links
from core.db import writing
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.hostile import WORDS, as_kept, as_shown, foreign
from tests.pages import send
from tests.surveys.answers import opened, responses, values
from triage.commenting import comments_of

pytestmark = pytest.mark.security("stored xss")
Few = list[tuple[str, Response]]


def tree(html: str) -> Element:
    found: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return found


def holds(html: str, words: str) -> bool:
    """Whether a page shows these words, wherever it breaks its lines, and nothing that they would like to be."""
    page = tree(html)
    assert foreign(page) == []
    return as_shown(words) in as_shown("".join(page.itertext()))


def test_the_page_of_a_comment(alice: Colleague, few: Few) -> None:
    for words, response in few:
        (comment,) = comments_of(response)
        assert holds(alice.get(f"/comments/{comment.id}").text, words)


def test_their_own_page(client: FlaskClient, few: Few) -> None:
    for words, response in few:
        page = client.get(links.path("status", response.id, response.link_version))
        assert page.status_code == 200
        assert holds(page.text, words)


def test_the_inbox_and_the_preview_of_what_they_would_hear(
    alice: Colleague, sayings: dict[str, Response], subtests: pytest.Subtests
) -> None:
    page = alice.get("/inbox").text
    shown = as_shown("".join(tree(page).itertext()))
    assert foreign(tree(page)) == []
    for name, words in WORDS.items():
        with subtests.test(name):
            assert as_shown(words.strip()[:60]) in shown


def test_a_form_keeps_them_byte_for_byte(
    client: FlaskClient, survey: object, subtests: pytest.Subtests
) -> None:
    for name, words in WORDS.items():
        with subtests.test(name):
            assert (
                send(client, opened(client), csat="3", comment=words, contact__wants="page").status_code
                == 303
            )
            assert values(responses()[-1])["comment"] == as_kept(words)


def test_a_form_that_was_refused_gives_them_back(client: FlaskClient, survey: object) -> None:
    everything = "".join(words for name, words in WORDS.items() if len(words) < 100)
    page = client.post("/s/bestelling", data={"comment": everything})
    assert page.status_code == 422
    assert holds(page.text, everything)


def test_the_names_of_people_organisations_surveys_and_actions(
    alice: Colleague, people: Cast, few: Few, subtests: pytest.Subtests
) -> None:
    words, response = WORDS["out of a textarea"] + WORDS["out of an attribute"], few[0][1]
    with writing():
        people.webshop.name, people.alice.name = words, words
        response.survey.title = {"en": words, "nl": words}
        if response.customer:
            response.customer.name = words
    (comment,) = comments_of(response)
    pages = (
        "/inbox", "/surveys", f"/surveys/{response.survey_id}", f"/comments/{comment.id}", "/customers", "/promises", "/ledger",
        f"/responses/{response.id}", f"/rounds/{response.round_id}", "/settings", "/actions/new", "/reports",
        f"/customers/{response.customer_id}",
    )  # fmt: skip
    for page in pages:
        with subtests.test(page):
            answer = alice.get(page)
            assert answer.status_code == 200
            assert holds(answer.text, words)
