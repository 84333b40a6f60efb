"""A respondent says something else: every version is kept, new words are work again, and a word is owed."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import links
from core.db import db, writing
from followup.restoring import lost_comments
from promises.ledger import Scope, ledger
from surveys.asking import TOKEN
from surveys.builder.building import close_survey, create_survey, open_survey
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.followup.respondent import new, page_of, told
from tests.hostile import UNKEEPABLE, WORDS
from tests.loop import answered, promises_of
from tests.pages import Page, get, send
from tests.surveys.answers import ALL_KINDS
from triage.commenting import comments_of
from triage.models import Comment

LATER = timedelta(hours=3)


def form_of(client: FlaskClient, response: Response) -> Page:
    return get(client, links.path("status", response.id, response.link_version) + "/answer?lang=en")


def changed(client: FlaskClient, response: Response, **typed: str) -> Page:
    answer = send(client, form_of(client, response), **typed)
    assert answer.status_code == 303, Page(answer).words
    return get(client, answer.location)


def versions(response: Response, key: str) -> list[float | str | None]:
    found = db.session.scalars(
        select(Answer).where(Answer.response_id == response.id).order_by(Answer.version)
    )
    return [a.number if a.number is not None else a.text for a in found if a.question.key == key]


def the_comment(response: Response) -> Comment:
    db.session.rollback()
    (comment,) = comments_of(response)
    return comment


@pytest.fixture
def response(survey: Survey, now: datetime) -> Response:
    return new(survey, now)


def test_the_form_holds_what_they_said(client: FlaskClient, response: Response) -> None:
    page = form_of(client, response)
    form = page.form()
    assert (form["csat"], form["comment"]) == ("2", "The box was torn.")
    assert "contact-email" not in form, "how they hear is changed elsewhere"
    assert page_of(client, response).links()["Change my answer"].endswith("/answer")


def test_every_version_is_kept_and_the_score_follows(client: FlaskClient, response: Response) -> None:
    changed(client, response, csat="4", comment="It was the bag.")
    page = changed(client, response, csat="5")
    assert versions(response, "csat") == [2, 4, 5]
    assert versions(response, "comment") == ["The box was torn.", "It was the bag."], "only what changed"
    db.session.refresh(response)
    assert response.score == 5
    assert "It was the bag." in page.words
    assert "The box was torn." not in page.words
    assert "You changed your answer" in page.words


def test_sent_as_it_was_nothing_changes(client: FlaskClient, response: Response) -> None:
    page = changed(client, response)
    assert "You changed your answer" not in page.words
    assert versions(response, "csat") == [2]


def test_their_page_says_that_it_is_changed_also_where_the_first_promise_still_holds(
    client: FlaskClient, response: Response
) -> None:
    said = "Your answer is changed."
    assert said not in changed(client, response).words, "nothing was"
    page = changed(client, response, comment="It was the bag.")
    assert said in page.words
    assert said not in page_of(client, response).words, "said once, where it happened"


def test_sent_twice_it_changes_once(client: FlaskClient, response: Response) -> None:
    page = form_of(client, response)
    first, second = (send(client, page, comment="Once.") for _ in range(2))
    assert first.location == second.location
    assert versions(response, "comment") == ["The box was torn.", "Once."]


def test_a_page_from_before_another_change_undoes_nothing_by_accident(
    client: FlaskClient, response: Response
) -> None:
    old = form_of(client, response)
    changed(client, response, comment="The newest words.")
    page = Page(send(client, old, csat="1"))
    assert page.status == 422
    assert "does not show your answer as it is now" in page.words
    assert page.form()["csat"] == "1", "nothing typed is lost"
    assert versions(response, "csat") == [2]
    assert send(client, page, comment="The newest words.").status_code == 303


def test_a_machine_without_the_token_changes_nothing(client: FlaskClient, response: Response) -> None:
    page = form_of(client, response)
    for token in ("", "nonsense", get(client, "/s/bestelling").form()[TOKEN]):
        assert send(client, page, csat="5", **{TOKEN: token}).status_code == 422
    assert versions(response, "csat") == [2]


def test_looking_changes_nothing(client: FlaskClient, response: Response) -> None:
    address = links.path("status", response.id, response.link_version) + "/answer"
    for method in ("GET", "HEAD"):
        assert client.open(f"{address}?csat=5&comment=x", method=method).status_code == 200
    assert versions(response, "csat") == [2]


def test_what_must_be_answered_still_must(client: FlaskClient, response: Response) -> None:
    page = Page(send(client, form_of(client, response), csat="", comment="x" * 5_001))
    assert page.status == 422
    assert "Please answer this question." in page.errors()["csat"]
    assert page.form()["comment"] == "x" * 5_001


def test_words_that_were_settled_are_work_again_and_both_are_shown(
    client: FlaskClient, bob: Colleague, response: Response, people: Cast, now: datetime
) -> None:
    told(people, response, now)
    assert the_comment(response).state(now) == "settled"
    page = changed(client, response, comment="It was torn, and the bell is missing.")
    comment = the_comment(response)
    assert (comment.state(now), comment.text) == ("open", "It was torn, and the bell is missing.")
    assert promises_of(response)[-1].because == "reply"
    assert "Alice Adams looks at it again" in page.words
    assert "You changed your answer. It lies on the desk of" in page.words
    desk = get(bob, f"/comments/{comment.id}").words
    assert "It was torn, and the bell is missing." in desk
    assert "They changed their words: what they said before The box was torn." in desk
    assert "They changed their answer the customer" in desk


def test_it_is_found_by_its_new_words_alone(client: FlaskClient, bob: Colleague, response: Response) -> None:
    changed(client, response, comment="The courier was late.")
    assert "Rita Ritsema" in get(bob, "/inbox?q=courier").words
    assert "Rita Ritsema" not in get(bob, "/inbox?q=torn").words


def test_before_anybody_looked_the_same_promise_stands(client: FlaskClient, response: Response) -> None:
    changed(client, response, comment="Better words.")
    (promise,) = promises_of(response)
    assert (promise.because, promise.ended_at) == ("answer", None)


def test_words_added_to_a_bare_score_are_work(client: FlaskClient, survey: Survey, now: datetime) -> None:
    response = new(survey, now, comment="")
    digest = promises_of(response)[0].due_at
    changed(client, response, comment="I forgot to say why.")
    assert the_comment(response).text == "I forgot to say why."
    assert promises_of(response)[-1].due_at < digest, "words are answered within the reply time"


def test_words_that_are_taken_back_are_kept_for_staff(
    client: FlaskClient, bob: Colleague, response: Response
) -> None:
    page = changed(client, response, comment="")
    assert "The box was torn." not in page.words
    assert "The box was torn." in get(bob, "/comments/1").words


def test_who_asked_not_to_be_told_is_owed_nothing(client: FlaskClient, survey: Survey, now: datetime) -> None:
    response = new(survey, now, wants="none")
    changed(client, response, comment="Something else.")
    assert promises_of(response) == []


def test_a_threat_in_the_new_words_goes_to_a_manager(client: FlaskClient, response: Response) -> None:
    changed(client, response, comment="If he comes again I'm going to punch him.")
    assert the_comment(response).threatens


def test_the_sweep_finds_no_lost_comment_among_earlier_words(client: FlaskClient, response: Response) -> None:
    changed(client, response, comment="Other words.")
    assert list(lost_comments()) == []


def test_the_ledger_adds_up_afterwards(
    client: FlaskClient, response: Response, people: Cast, now: datetime
) -> None:
    told(people, response, now)
    changed(client, response, comment="Once more.")
    found = ledger(Scope(response.organisation_id))
    assert (found.responses, found.promised, found.adds_up) == (1, 1, True)


def test_when_the_survey_is_closed_it_says_since_when(
    client: FlaskClient, response: Response, survey: Survey, now: datetime
) -> None:
    page = form_of(client, response)
    with writing():
        close_survey(db.session.get_one(Survey, survey.id), now)
    late = Page(send(client, page, comment="Typed while it closed."))
    assert late.status == 410
    assert "This survey closed on 23 November 2026." in late.words
    assert "Typed while it closed." in late.words, "nothing typed is lost"
    assert form_of(client, response).status == 410
    assert "your answer stays as it is" in page_of(client, response).words
    assert versions(response, "comment") == ["The box was torn."]


@pytest.mark.parametrize("text", [*WORDS.values(), UNKEEPABLE["NUL"]])
def test_hostile_words_are_kept_or_refused_and_shown_as_text(
    client: FlaskClient, response: Response, text: str
) -> None:
    answer = send(client, form_of(client, response), comment=text)
    assert answer.status_code in {303, 422}
    page = answer.text if answer.status_code == 422 else client.get(answer.location).text
    assert "<script>" not in page


@pytest.mark.parametrize("token", ["1.1.aaaaaaaaaaaaaaaaaaaaaaaaaa", "x", "%00"])
def test_a_wrong_link_opens_nothing(client: FlaskClient, response: Response, token: str) -> None:
    for page in ("answer", "copy.txt", "copy.json"):
        assert client.get(f"/f/{token}/{page}").status_code == 404


def test_a_copy_holds_this_answer_in_every_version_and_nothing_else(
    client: FlaskClient, response: Response, survey: Survey, now: datetime
) -> None:
    new(survey, now, "Another answer of hers.")
    changed(client, response, comment="Other words.")
    own = links.path("status", response.id, response.link_version)
    text, copy = client.get(f"{own}/copy.txt"), client.get(f"{own}/copy.json")
    assert "Other words." in text.text
    assert "Answered on 23 November 2026" in text.text
    assert "you hear from us by 30 November 2026" in text.text, "as their page says it, not as a program does"
    assert text.headers["Content-Disposition"] == 'attachment; filename="bestelling-2026-11-23.txt"'
    said = copy.get_json()
    assert [(a["question"], a["version"], a["value"]) for a in said["answers"]] == [
        ("csat", 1, "2"), ("comment", 1, "The box was torn."), ("comment", 2, "Other words."),
    ]  # fmt: skip
    for page in (text.text, copy.text):
        assert "Another answer" not in page
        assert "rita@example.com" not in page, "a link shows one answer, not who gave it"


def test_every_kind_comes_back_as_it_was_given(client: FlaskClient, people: Cast, now: datetime) -> None:
    with writing():
        made = create_survey(
            people.webshop.id, "alles", {"en": "Everything"}, "en", people.alice.id, ALL_KINDS, now
        )
        open_survey(made, now)
        response = answered(made, now, score=1)
    changed(client, response, nps="9", feel="angry", kept="no", about="2", order="A-17")
    form = form_of(client, response).form()
    assert {key: form[key] for key in ("csat", "nps", "feel", "kept", "about", "order")} == {
        "csat": "1", "nps": "9", "feel": "angry", "kept": "no", "about": "2", "order": "A-17",
    }  # fmt: skip
    changed(client, response, kept="", feel="")
    page = page_of(client, response).words
    assert "Did it arrive?" not in page, "what is taken back is not shown as a no"


@pytest.mark.both_databases
def test_two_pages_at_the_same_moment_keep_one(client: FlaskClient, response: Response) -> None:
    first, second = form_of(client, response), form_of(client, response)
    assert send(client, first, csat="3").status_code == 303
    assert send(client, second, csat="4").status_code == 422
    assert versions(response, "csat") == [2, 3]
