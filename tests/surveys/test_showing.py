"""A question asked only after some answers: the server judges, the page hides it by style, and nothing needs a script."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.db import writing
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Question, Version
from surveys.showing import is_asked, rules_of_style
from tests.cast import Cast
from tests.pages import Page, get, send
from tests.surveys.answers import opened, refused, responses, values

CHOICES = {
    "choices": [{"key": "a", "words": {"en": "The box"}}, {"key": "b", "words": {"en": "The courier"}}]
}


def after(key: str, *answers: str) -> dict[str, Any]:
    return {"show_if": {"key": key, "answers": list(answers)}}


DRAFTS = (
    Draft("csat", "csat", {"en": "How satisfied?"}, required=True),
    Draft(
        "about", "multiple_choice", {"en": "What went wrong?"}, options={**CHOICES, **after("csat", "1", "2")}
    ),
    Draft(
        "courier", "long_text", {"en": "What did the courier do?"}, required=True, options=after("about", "b")
    ),
    Draft("gap", "expectation_gap", {"en": "How was the help?"}, required=True, options=after("csat", "3")),
)
PATH = "/s/vervolg"


@pytest.fixture(autouse=True)
def logic(people: Cast, now: datetime) -> None:
    with writing():
        made = create_survey(people.webshop.id, "vervolg", {"en": "On"}, "en", people.alice.id, DRAFTS, now)
        open_survey(made, now)


def test_what_is_not_asked_is_not_required(client: FlaskClient) -> None:
    assert send(client, opened(client, PATH), csat="5").status_code == 303
    assert values(responses()[0]) == {"csat": 5.0}


def test_what_was_typed_into_it_all_the_same_is_dropped(client: FlaskClient) -> None:
    typed = {"csat": "5", "about": "b", "courier": "He shouted.", "gap-expected": "1"}
    assert send(client, opened(client, PATH), **typed).status_code == 303
    assert values(responses()[0]) == {"csat": 5.0}, "half a gap is not held against anybody either"


def test_once_asked_it_is_required_and_kept(client: FlaskClient) -> None:
    page = refused(client, PATH, csat="2", about="b")
    assert page.errors() == {"courier": "Please answer this question."}
    assert page.form()["about"] == "b", "what was chosen still shows the question"
    assert Page(send(client, page, courier="He shouted.")).status == 303
    assert values(responses()[0]) == {"csat": 2.0, "about": '["b"]', "courier": "He shouted."}


def test_it_depends_through_another_question_too(client: FlaskClient) -> None:
    """The one in between was not asked, so what stands in it decides nothing."""
    assert send(client, opened(client, PATH), csat="4", about="b").status_code == 303
    assert values(responses()[0]) == {"csat": 4.0}


def test_a_part_of_it_left_open_is_said(client: FlaskClient) -> None:
    page = refused(client, PATH, csat="3", **{"gap-expected": "1"})
    assert list(page.errors()) == ["gap-experienced"]


def test_without_the_rule_of_style_a_sentence_says_when(client: FlaskClient) -> None:
    page = opened(client, PATH)
    assert "Only if you answered “How satisfied?” with: very dissatisfied, dissatisfied." in page.words
    assert "Only if you answered “What went wrong?” with: The courier." in page.words


def test_the_rules_of_style_are_ours_alone(client: FlaskClient) -> None:
    page = opened(client, PATH)
    style = list(page.tree.iter("style"))[-1]
    assert style.attrib["nonce"] in page.headers["Content-Security-Policy"]
    assert 'form:not(:has([name=csat][value="3"]:checked)) .asks-gap{display:none}' in (style.text or "")
    assert (style.text or "").count(".asks-courier{") == 2, "by its own question, and by the one behind that"


def test_a_survey_without_them_has_none(client: FlaskClient, survey: object) -> None:
    assert ":has(" not in get(client, "/s/bestelling").html


@pytest.mark.parametrize("key", ['"]{}*{color:red}', "</style><script>", "a b", "é", "\\", "\n"])
def test_a_key_cannot_get_out_of_its_rule(key: str) -> None:
    rows = [
        Question(key="q", kind="single_choice", options={"choices": [{"key": key, "words": {}}]}),
        Question(key="then", kind="csat", options=after("q", key)),
    ]
    style = str(rules_of_style(Version(questions=rows)))
    assert style.count("{") == style.count("}") == 1
    assert not set("<>") & set(style)
    assert style.count('"') == 2


@pytest.mark.parametrize(
    ("answers", "asked"), [({}, False), ({"q": (2.0, None)}, True), ({"q": (10.0, None)}, False)]
)
def test_a_number_is_compared_as_it_is_written(answers: dict[str, Any], asked: bool) -> None:
    rows = [
        Question(key="q", kind="nps", options={}),
        Question(key="then", kind="csat", options=after("q", "2", "1")),
    ]
    assert is_asked(rows[1], Version(questions=rows), answers) is asked
