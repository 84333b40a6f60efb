"""Each newer kind on the page: answered without a script, refused with all that was typed, drawn for everybody."""

import json
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.db import writing
from surveys.builder.building import Draft, close_survey, create_survey, open_survey
from surveys.queries import by_slug
from tests.cast import Cast
from tests.each import each
from tests.pages import Page, get, send
from tests.surveys.answers import opened, refused, responses, values

LIST = {
    "choices": [
        {"key": str(n), "words": {"en": words}} for n, words in enumerate(("Box", "Courier", "Price"), 1)
    ]
}
ROWS = {"rows": [{"key": "1", "words": {"en": "Speed"}}, {"key": "2", "words": {"en": "Kindness"}}]}
DRAFTS = (
    Draft("ease", "ces", {"en": "How easy was it?"}, help={"en": "Think of the last time."}),
    Draft("stars", "rating", {"en": "How good was it?"}),
    Draft("about", "multiple_choice", {"en": "What about?"}, options=LIST),
    Draft("order", "ranking", {"en": "What matters most?"}, options=LIST),
    Draft("parts", "matrix", {"en": "How did each go?"}, options={**LIST, **ROWS}),
    Draft("day", "date", {"en": "Which day?"}),
    Draft("gap", "expectation_gap", {"en": "How well were you helped?"}),
    Draft("public", "consent", {"en": "You may show my words."}),
    Draft("case", "hidden", {"en": "Case number"}),
)
PATH = "/s/soorten"


@pytest.fixture
def kinds(people: Cast, now: datetime) -> None:
    opened_with(people, now, DRAFTS)


def test_both_ends_of_an_order_say_which_end_they_are(client: FlaskClient, kinds: None) -> None:
    places = [
        " ".join(option.itertext()) for option in opened(client, PATH).element("order-line0").iter("option")
    ]
    assert places == ["–", "1, the most important", "2", "3, the least important"]


def opened_with(people: Cast, now: datetime, drafts: Any) -> None:
    with writing():
        made = create_survey(
            people.webshop.id, "soorten", {"en": "Kinds"}, "en", people.alice.id, drafts, now
        )
        open_survey(made, now)


@pytest.mark.usefixtures("kinds")
def test_every_kind_is_kept_as_what_it_is(client: FlaskClient) -> None:
    page = opened(client, f"{PATH}?case=A-17")
    typed: dict[str, Any] = {
        "ease": "7", "stars": "3", "about": ["1", "3"], "order-line0": "2", "order-line1": "1", "order-line2": "3",
        "parts-line0": "1", "day": "2026-11-26", "gap-expected": "5", "gap-experienced": "2", "public": "y",
    }  # fmt: skip
    assert client.post(page.action(), data={**page.form(), **typed}).status_code == 303
    assert values(responses()[0]) == {
        "ease": 7.0, "stars": 3.0, "about": '["1", "3"]', "order": '["2", "1", "3"]', "parts": '{"1": "1"}',
        "day": "2026-11-26", "gap": -3.0, "public": "yes", "case": "A-17",
    }  # fmt: skip
    assert responses()[0].score == 7, "the first question on a scale"
    gap = next(a for a in responses()[0].answers if a.question.key == "gap")
    assert json.loads(gap.text or "") == {"expected": 5, "experienced": 2}


@pytest.mark.usefixtures("kinds")
def test_nothing_of_it_needs_an_answer(client: FlaskClient) -> None:
    assert send(client, opened(client, PATH), stars="1").status_code == 303
    assert values(responses()[0]) == {"stars": 1.0}


@pytest.mark.usefixtures("kinds")
@each(("typed", "field", "sentence"), [
    ({"about": "9"}, "about", "Choose from the answers shown here."),
    ({"day": "tomorrow"}, "day", "Give a day from 1900 to 2100, such as 2026-11-26."),
    ({"gap-expected": "4"}, "gap-experienced", "Choose here too, or nowhere: the two belong together."),
    ({"gap-expected": "6", "gap-experienced": "1"}, "gap-expected", "Choose one of the answers shown here."),
    ({"order-line0": "1"}, "order-line1", "Give this one a place too, or none of them."),
    ({"order-line0": "1", "order-line1": "1", "order-line2": "2"}, "order-line1", "This place is taken."),
    ({"order-line0": "4"}, "order-line0", "Choose one of the answers shown here."),
    ({"parts-line1": "x"}, "parts-line1", "Choose one of the answers shown here."),
])  # fmt: skip
def test_what_is_not_right_is_said_beside_its_field(
    client: FlaskClient, typed: dict[str, str], field: str, sentence: str
) -> None:
    page = refused(client, PATH, stars="4", **typed)
    assert sentence in page.errors()[field]
    assert page.form()["stars"] == "4"


@pytest.mark.usefixtures("kinds")
def test_what_was_ticked_and_chosen_stays_after_a_mistake(client: FlaskClient) -> None:
    page = refused(
        client,
        f"{PATH}?case=A-17",
        day="x",
        about="3",
        public="y",
        **{"gap-expected": "2", "gap-experienced": "2", "parts-line0": "2"},
    )
    form = page.form()
    assert (form["about"], form["public"], form["gap-expected"], form["parts-line0"], form["case"]) == (
        "3",
        "y",
        "2",
        "2",
        "A-17",
    )


@pytest.mark.parametrize(("kind", "field", "options"), [
    ("multiple_choice", "q", LIST), ("date", "q", {}), ("consent", "q", {}), ("ces", "q", {}), ("rating", "q", {}),
    ("expectation_gap", "q-expected", {}), ("ranking", "q-line0", LIST), ("matrix", "q-line0", {**LIST, **ROWS}),
])  # fmt: skip
def test_a_required_one_left_empty(
    people: Cast, client: FlaskClient, now: datetime, kind: str, field: str, options: dict[str, Any]
) -> None:
    opened_with(
        people,
        now,
        [
            Draft("q", kind, {"en": "How?"}, required=True, options=options),
            Draft("why", "long_text", {"en": "Why?"}),
        ],
    )
    page = refused(client, PATH, why="Kept.")
    assert page.errors()[field]
    assert page.form()["why"] == "Kept."
    assert "required" in page.words
    first = next(link for link in page.links().values() if link.startswith("#") and link != "#main")
    assert page.element(first[1:]) is not None, "the summary leads to the field"


@pytest.mark.usefixtures("kinds")
def test_a_hidden_value_alone_is_no_answer(client: FlaskClient) -> None:
    page = refused(client, f"{PATH}?case=A-17")
    assert "Nothing is filled in yet." in page.words


@pytest.mark.usefixtures("kinds")
def test_what_is_hidden_is_neither_asked_nor_shown(client: FlaskClient) -> None:
    page = opened(client, f"{PATH}?case=A-17")
    assert "Case number" not in page.words
    own = get(client, send(client, page, stars="1").location)
    assert "How good was it?" in own.words
    assert "A-17" not in own.words


@pytest.mark.usefixtures("kinds")
def test_a_radio_group_a_scale_and_a_line_a_group_for_boxes(client: FlaskClient) -> None:
    """One tab stop each, arrow keys inside, and a name that is read out."""
    page = opened(client, PATH)
    groups = list(page.tree.iter("fieldset"))
    assert [g.attrib.get("role", "group") for g in groups] == [
        "radiogroup",
        "radiogroup",
        "group",
        "radiogroup",
        "radiogroup",
        "radiogroup",
        "radiogroup",
    ]
    assert all(next(g.iter("legend")).text for g in groups)
    named = {e.attrib["id"] for e in page.tree.iter() if "id" in e.attrib}
    labelled = {s.attrib["aria-labelledby"] for s in page.tree.iter("section")}
    assert labelled <= named
    assert len(labelled) == 3
    assert "Think of the last time." in page.words


@pytest.mark.usefixtures("kinds")
def test_a_consent_is_never_ticked_beforehand(client: FlaskClient) -> None:
    assert "public" not in opened(client, f"{PATH}?public=y&public=yes").form()


@pytest.mark.usefixtures("kinds")
def test_an_address_chooses_several_and_a_day(client: FlaskClient) -> None:
    page = opened(client, f"{PATH}?about=1,3&day=2026-11-26&ease=9&gap=3&order=1")
    ticked = [
        e.attrib["value"]
        for e in page.tree.iter("input")
        if e.attrib.get("name") == "about" and "checked" in e.attrib
    ]
    assert (ticked, page.form()["day"]) == (["1", "3"], "2026-11-26")
    assert "ease" not in page.form()
    assert responses() == []


def test_the_surveys_own_words_stand_on_every_point_of_a_scale(
    people: Cast, client: FlaskClient, now: datetime
) -> None:
    own = [{"en": word} for word in ("awful", "bad", "so-so", "fine", "lovely")]
    opened_with(people, now, [
        Draft("q", "rating", {"en": "How?"}, options={"words": own}),
        Draft("ends", "csat", {"en": "How now?"}, options={"words": own[:1] + own[-1:]}),
    ])  # fmt: skip
    page = opened(client, PATH)
    for word in ("awful", "so-so", "lovely"):
        assert word in page.words
    assert "very satisfied" not in page.words, "two words are for the ends"
    assert page.html.count("has-ends") == 1


def test_a_closed_survey_gives_back_what_was_chosen_in_words(
    people: Cast, client: FlaskClient, now: datetime
) -> None:
    opened_with(people, now, DRAFTS)
    page = opened(client, f"{PATH}?case=A-17")
    with writing():
        found = by_slug("soorten")
        assert found
        close_survey(found, now)
    typed = {
        "about": "3",
        "gap-expected": "5",
        "gap-experienced": "2",
        "day": "soon",
        "public": "y",
        "parts-line1": "1",
    }
    back = Page(client.post(page.action(), data={**page.form(), **typed}))
    assert back.status == 410
    for said in ("Price", "expected 5, got 2 (of 5)", "soon", "I agree", "Kindness: Box"):
        assert said in back.words
    assert "A-17" not in back.words
