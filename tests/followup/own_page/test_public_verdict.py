"""Clear? Solved? One button on their own page; a no lands on a person's desk at once. A link never says it for them."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import links
from core.db import db, writing
from core.text import COMMENT_LIMIT
from followup.composing import compose_due
from followup.models import Verdict
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, decided, promises_of, settled
from tests.pages import Page, get, send
from triage.commenting import comments_of

pytestmark = pytest.mark.usefixtures("monday")

CLEAR, SOLVED = "Is it clear what you can expect?", "Does this solve it?"


@pytest.fixture
def response(survey: Survey, now: datetime) -> Response:
    with writing():
        return answered(survey, now)


@pytest.fixture
def told(people: Cast, response: Response, now: datetime) -> Response:
    """They heard that it is done."""
    with writing():
        settled(response, decided(people, now), now)
    compose_due(now)
    return response


def address(response: Response) -> str:
    return links.path("status", response.id, response.link_version)


def verdicts() -> list[Verdict]:
    return list(db.session.scalars(select(Verdict).order_by(Verdict.id)))


def test_before_anything_was_done_only_whether_it_is_clear(client: FlaskClient, response: Response) -> None:
    page = get(client, address(response))
    assert CLEAR in page.words
    assert SOLVED not in page.words


def test_a_yes_is_kept_and_thanked_for(client: FlaskClient, told: Response) -> None:
    page = get(client, address(told))
    answer = send(client, page, clear="yes", solved="yes", words="Thank you.")
    assert answer.status_code == 303
    assert answer.location == address(told)
    (verdict,) = verdicts()
    assert (verdict.clear, verdict.solved, verdict.words) == (True, True, "Thank you.")
    after = get(client, answer.location)
    assert "You said: it is clear · You said: this solves it. Thank you: it is noted." in after.words
    assert "You told us that this settles it." in after.words


def test_not_solved_opens_a_new_promise_and_is_work_again(client: FlaskClient, told: Response) -> None:
    answer = send(client, get(client, address(told)), solved="no", words="Still torn.")
    assert [p.because for p in promises_of(told)] == ["answer", "not_solved"]
    assert promises_of(told)[1].ended_at is None
    assert comments_of(told)[0].reopened_at
    page = get(client, answer.location)
    assert page.heading == "Alice Adams looks at it again"
    assert "answers by Monday 30 November 2026" in page.words
    assert "It is work again, on a person's desk." in page.words


def test_not_clear_while_a_word_is_owed_makes_no_second_promise(
    client: FlaskClient, response: Response
) -> None:
    send(client, get(client, address(response)), clear="no", words="Which answer?")
    assert [p.because for p in promises_of(response)] == ["answer"]
    assert comments_of(response)[0].reopened_at


def test_one_of_the_two_is_enough(client: FlaskClient, told: Response) -> None:
    send(client, get(client, address(told)), solved="yes")
    (verdict,) = verdicts()
    assert (verdict.clear, verdict.solved) == (None, True)


def test_they_may_say_something_else_later_and_the_last_word_counts(
    client: FlaskClient, told: Response
) -> None:
    send(client, get(client, address(told)), solved="yes")
    page = get(client, address(told))
    assert "Say something else" in page.words
    send(client, page, solved="no")
    assert [v.solved for v in verdicts()] == [True, False]
    assert promises_of(told)[-1].because == "not_solved"


def test_a_link_in_a_mail_chooses_and_never_sends(client: FlaskClient, told: Response) -> None:
    page = get(client, f"{address(told)}?solved=no")
    assert page.form()["solved"] == "no"
    assert verdicts() == []
    assert get(client, f"{address(told)}?solved=perhaps&words=x").form().get("solved") is None


def test_all_links_of_a_page_opened_at_once_say_nothing(client: FlaskClient, told: Response) -> None:
    page = get(client, address(told))
    for link in page.links().values():
        if link.startswith("/"):
            client.get(link)
            client.head(link)
    assert verdicts() == []


def test_sent_twice_it_is_said_once(client: FlaskClient, told: Response) -> None:
    page = get(client, address(told))
    first, again = (send(client, page, solved="no") for _ in range(2))
    assert first.location == again.location
    assert len(verdicts()) == 1
    assert len(promises_of(told)) == 2


@pytest.mark.both_databases
def test_sent_twice_at_the_same_moment_it_is_said_once(
    app: Flask, client: FlaskClient, told: Response
) -> None:
    page, path, ready = get(client, address(told)), address(told), Barrier(3)
    body = {**page.form(), "solved": "no"}

    def press() -> int:
        ready.wait(10)
        return FlaskClient(app, app.response_class).post(path, data=body).status_code

    with ThreadPoolExecutor(3) as threads:
        codes = [f.result() for f in [threads.submit(Context().run, press) for _ in range(3)]]
    db.session.rollback()
    assert codes == [303] * 3
    assert len(verdicts()) == 1
    assert len(promises_of(told)) == 2


# What is not right is said beside its field, and nothing typed is lost


def refused(client: FlaskClient, response: Response, /, **typed: str) -> Page:
    page = Page(send(client, get(client, address(response)), **typed))
    assert page.status == 422
    assert verdicts() == []
    return page


def test_words_alone_say_neither_yes_nor_no(client: FlaskClient, told: Response) -> None:
    page = refused(client, told, words="I do not know.")
    assert page.errors() == {"clear": "Choose yes or no."}
    assert page.form()["words"] == "I do not know."


def test_a_forged_choice(client: FlaskClient, told: Response) -> None:
    assert refused(client, told, solved="1").errors() == {"solved": "Choose one of the answers shown here."}


def test_too_many_words(client: FlaskClient, told: Response) -> None:
    page = refused(client, told, solved="no", words="x" * (COMMENT_LIMIT + 1))
    assert page.errors() == {"words": "This text is 5001 characters long; there is room for 5000."}
    assert page.form()["words"] == "x" * (COMMENT_LIMIT + 1)
    assert page.form()["solved"] == "no"


def test_a_character_that_cannot_be_kept(client: FlaskClient, told: Response) -> None:
    assert "cannot be kept" in refused(client, told, solved="no", words="a\x00b").errors()["words"]


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_machine_that_never_opened_the_page(client: FlaskClient, told: Response, token: str) -> None:
    page = refused(client, told, solved="no", page=token)
    assert send(client, page).status_code == 303, "a person presses the button once more"


def test_a_form_of_somebody_elses_page(
    client: FlaskClient, survey: Survey, told: Response, now: datetime
) -> None:
    with writing():
        other = answered(survey, now, "Another answer.")
    token = get(client, address(other)).form()["page"]
    refused(client, told, solved="no", page=token)


def test_solved_cannot_be_said_before_anything_was_done(client: FlaskClient, response: Response) -> None:
    send(client, get(client, address(response)), clear="yes", solved="yes")
    (verdict,) = verdicts()
    assert (verdict.clear, verdict.solved) == (True, None)


def test_who_asked_for_no_word_has_nothing_to_judge(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    with writing():
        declined = answered(survey, now, wants="none")
    assert client.post(address(declined), data={"clear": "no"}).status_code == 422
    assert verdicts() == []


def test_hostile_words_are_words(client: FlaskClient, told: Response) -> None:
    text = "</textarea><script>alert(1)</script>{{7*7}}"
    back = refused(client, told, words=text)
    assert back.form()["words"] == text
    send(client, back, solved="no")
    assert verdicts()[0].words == text
