"""Beside the builder stands the survey as customers see it: drawn by the server from the form, and kept nowhere."""

from surveys.models import Survey
from tests import hostile
from tests.browser import Colleague
from tests.each import each
from tests.pages import Page, get, send
from tests.surveys.making import NEW, surveys, titled

PREVIEW = "/surveys/preview"


def drawn(alice: Colleague, address: str = PREVIEW, **typed: str) -> Page:
    form = get(alice, NEW).form()
    said = {name.replace("__", "-"): value for name, value in titled(**typed).items()}
    return Page(alice.post(address, data={**form, **said}))


def test_it_shows_what_is_typed_in_the_language_that_is_asked_for(alice: Colleague) -> None:
    dutch, english = drawn(alice, PREVIEW + "?in=nl"), drawn(alice, PREVIEW + "?in=en")
    assert (dutch.heading, english.heading) == ("Uw reparatie", "Your repair")
    assert "Mijn reactie versturen" in dutch.words
    assert "Send my answer" in english.words
    assert surveys() == [], "nothing is kept"


def test_without_a_language_it_is_in_that_of_the_survey(alice: Colleague) -> None:
    assert drawn(alice).heading == "Uw reparatie"
    assert drawn(alice, PREVIEW + "?in=tlh", language="en").heading == "Your repair"


def test_a_consent_is_shown_of_a_survey_that_is_nowhere_yet(alice: Colleague) -> None:
    with_consent = Page(send(alice, get(alice, NEW), **titled(add="consent"))).form()
    page = Page(alice.post(PREVIEW + "?in=en", data=with_consent))
    assert page.status == 200
    assert "without my name" in page.words


def test_nothing_in_it_can_be_sent(alice: Colleague) -> None:
    page = drawn(alice)
    (button,) = list(page.element("main").iter("button"))
    assert "disabled" in button.attrib
    assert [f.attrib.get("action") for f in page.tree.iter("form")] == [None]


def test_only_pages_of_ours_may_hold_it_in_a_frame(alice: Colleague, survey: Survey) -> None:
    page = drawn(alice)
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    for address in (NEW, f"/surveys/{survey.id}/edit"):
        policy = alice.get(address).headers["Content-Security-Policy"]
        assert "frame-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy


def test_the_empty_frame_stands_there_before_anything_is_typed(alice: Colleague) -> None:
    page = get(alice, PREVIEW)
    assert page.heading == "Without a title yet"
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]


def test_what_cannot_stand_together_is_said_and_shown_all_the_same(alice: Colleague) -> None:
    page = Page(send(alice, get(alice, NEW), **titled(add="single_choice")))
    said = {
        **page.form(),
        "questions-1-after": "questions-0",
        "questions-1-after_answers": "9",
        "questions-3-prompt_nl": "Kies maar",
    }
    shown = Page(alice.post(PREVIEW, data=said))
    assert shown.status == 200
    assert "Kies maar" in shown.words
    assert "is asked after one of these answers" in shown.words or "gevraagd na" in shown.words


def test_when_a_question_is_asked_is_followed_in_the_frame(alice: Colleague) -> None:
    page = drawn(alice, questions__1__after="questions-0", questions__1__after_answers="1, 2")
    assert ".asks-comment{display:none}" in page.html


@each("name", hostile.WORDS)
def test_words_are_words(alice: Colleague, name: str) -> None:
    page = drawn(alice, title_nl=hostile.WORDS[name], questions__0__prompt_nl=hostile.WORDS[name])
    assert page.status == 200
    assert "<script>alert(1)" not in page.html


def test_kinds_that_do_not_exist_are_left_out(alice: Colleague) -> None:
    assert drawn(alice, questions__0__kind="telepathy").status == 200


def test_only_managers_look(bob: Colleague) -> None:
    assert (bob.get(PREVIEW).status_code, bob.post(PREVIEW).status_code) == (403, 403)
