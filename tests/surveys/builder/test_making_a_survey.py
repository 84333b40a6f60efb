"""Staff make a survey: a form in rows that works without a script."""

import pytest

from tests.browser import Colleague
from tests.cast import Cast
from tests.pages import Page, get, send
from tests.surveys.making import NEW, surveys, titled


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
    assert (survey.state, survey.slug, survey.title) == (
        "draft",
        "reparatie",
        {"nl": "Uw reparatie", "en": "Your repair"},
    )
    assert (survey.signer_id, survey.deputy_id) == (people.alice.id, people.bob.id)
    assert (survey.reply_working_days, survey.reply_hours) == (5, None)
    questions = survey.versions[0].questions
    assert [(q.key, q.kind, q.required) for q in questions] == [
        ("csat", "csat", True),
        ("comment", "long_text", False),
        ("contact", "contact", False),
    ]
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
    more = Page(
        send(alice, get(alice, NEW), **titled(questions__1__prompt_en="Tell us more", add="single_choice"))
    )
    assert more.status == 200
    assert surveys() == [], "a row is no survey"
    assert more.form()["title_en"] == "Your repair"
    assert more.form()["questions-1-prompt_en"] == "Tell us more"
    assert more.form()["questions-3-kind"] == "single_choice"
    less = Page(send(alice, more, remove="questions-0"))
    assert kinds(less) == ["long_text", "contact", "single_choice"]
    assert less.form()["questions-0-prompt_en"] == "Tell us more"
    send(
        alice,
        less,
        questions__2__choices_nl="De monteur\n\nDe afspraak",
        questions__2__choices_en="The mechanic\nThe appointment",
    )
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


def test_not_more_rows_than_anybody_answers(alice: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.builder.forms.MOST", 4)
    page = get(alice, NEW)
    for _ in range(2):
        page = Page(send(alice, page, add="csat"))
    assert kinds(page) == ["csat", "long_text", "contact", "csat"]


def test_a_row_moves_up_down_and_to_a_place_with_all_that_was_typed(alice: Colleague) -> None:
    page = Page(
        send(alice, get(alice, NEW), **titled(questions__1__prompt_en="Tell us", move="questions-1 up"))
    )
    assert (page.status, kinds(page), page.form()["questions-0-prompt_en"]) == (
        200,
        ["long_text", "csat", "contact"],
        "Tell us",
    )
    page = Page(send(alice, page, move="questions-0 down"))
    assert (kinds(page), page.form()["questions-1-prompt_en"]) == (
        ["csat", "long_text", "contact"],
        "Tell us",
    )
    page = Page(send(alice, page, move="questions-2 to 0"))
    assert kinds(page) == ["contact", "csat", "long_text"]
    assert surveys() == []


def test_what_depends_on_a_row_follows_it_where_it_goes(alice: Colleague) -> None:
    page = Page(
        send(
            alice,
            get(alice, NEW),
            **titled(
                questions__1__after="questions-0", questions__1__after_answers="1, 2", move="questions-2 to 0"
            ),
        )
    )
    assert page.form()["questions-2-after"] == "questions-1"
    send(alice, page)
    assert surveys()[0].versions[0].questions[2].options["show_if"] == {"key": "csat", "answers": ["1", "2"]}


def test_of_two_that_are_removed_after_each_other_each_is_the_one_that_was_pressed(alice: Colleague) -> None:
    page = Page(send(alice, get(alice, NEW), **titled(add="date")))
    page = Page(send(alice, page, remove="questions-0"))
    page = Page(send(alice, page, remove="questions-1"))
    assert kinds(page) == ["long_text", "date"]


def test_what_depended_on_a_row_that_is_removed_depends_on_nothing(alice: Colleague) -> None:
    typed = titled(questions__1__after="questions-0", questions__1__after_answers="1")
    page = Page(send(alice, get(alice, NEW), **typed, remove="questions-0"))
    assert page.form()["questions-0-after"] == ""
    assert page.form()["questions-0-after_answers"] == "1", "nothing that was typed is lost"


@pytest.mark.parametrize(
    "move",
    [
        "questions-0 up",
        "questions-2 down",
        "questions-9 up",
        "x",
        "questions-1 to x",
        "questions-1 to 99999",
        "",
    ],
)
def test_a_move_that_cannot_be_loses_nothing(alice: Colleague, move: str) -> None:
    page = Page(send(alice, get(alice, NEW), **titled(move=move)))
    assert (page.status, sorted(kinds(page))) == (200, ["contact", "csat", "long_text"])


def kinds(page: Page) -> list[str]:
    return [value for name, value in page.form().items() if name.endswith("-kind")]
