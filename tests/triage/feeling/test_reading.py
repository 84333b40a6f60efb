"""Each colleague reads swearing masked until they ask for one comment, or chose to read it all; the data stay as they are."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db, writing
from followup.judging import Judgement, judge
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said, theme
from tests.pages import get, send
from triage.feeling import reading, suggesting
from triage.models import Comment

WORDS = "Your driver is an asshole, and the box was torn."
MASKED = "Your driver is an a******, and the box was torn."


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now, WORDS)


def shows_masked(client: FlaskClient, address: str) -> None:
    page = get(client, address)
    assert MASKED in page.words
    assert "asshole" not in page.html


def test_lists_and_pages_are_masked(alice: Colleague, comment: Comment) -> None:
    for address in ("/inbox", f"/comments/{comment.id}", f"/responses/{comment.response_id}"):
        shows_masked(alice, address)


def test_a_click_shows_this_comment_and_another_masks_it(alice: Colleague, comment: Comment) -> None:
    page = get(alice, f"/comments/{comment.id}?state=open")
    shown = get(alice, page.links()["Show it as it was typed"])
    assert WORDS in shown.words
    assert "state=open" in shown.links()["Mask the swearing"]
    shows_masked(alice, shown.links()["Mask the swearing"])
    shows_masked(alice, "/inbox?show=1")


def test_the_whole_answer_is_shown_by_a_click_too(alice: Colleague, comment: Comment) -> None:
    page = get(alice, f"/responses/{comment.response_id}")
    assert WORDS in get(alice, page.links()["Show it as it was typed"]).words


def test_nothing_is_offered_where_nothing_is_masked(alice: Colleague, survey: Survey, now: datetime) -> None:
    page = get(alice, f"/comments/{said(survey, now).id}")
    assert "Show it as it was typed" not in page.links()


def test_who_chose_to_reads_it_as_it_was_typed(alice: Colleague, bob: Colleague, comment: Comment) -> None:
    page = get(bob, "/settings/profile")
    assert send(bob, page, show_swearing="y").status_code == 303
    assert WORDS in get(bob, "/inbox").words
    assert "Show it as it was typed" not in get(bob, f"/comments/{comment.id}").links()
    shows_masked(alice, "/inbox")


def test_the_choice_can_be_taken_back(bob: Colleague, comment: Comment) -> None:
    send(bob, get(bob, "/settings/profile"), show_swearing="y")
    form = get(bob, "/settings/profile").form()
    assert form.pop("show_swearing") == "y"
    bob.post("/settings/profile", data=form)
    shows_masked(bob, "/inbox")


def test_what_was_typed_is_kept_and_found(alice: Colleague, comment: Comment) -> None:
    assert db.session.get_one(Comment, comment.id).text == WORDS
    page = get(alice, "/inbox?q=asshole")
    assert MASKED in page.words
    assert "an asshole" not in page.html


def test_others_like_it_are_masked(people: Cast, alice: Colleague, survey: Survey, now: datetime) -> None:
    boxes = theme(people, "boxes", "Boxes")
    first, second = said(survey, now), said(survey, now, WORDS, email="rob@example.com")
    for comment in (first, second):
        alice.post(
            f"/comments/{comment.id}/labels", data={"emotion": "", "assignee": "", "themes": str(boxes.id)}
        )
    shows_masked(alice, f"/comments/{first.id}")


def test_a_word_that_is_cut_off_in_a_list_is_not_shown_by_half(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    said(survey, now, "x" * 389 + " Klootzakken allemaal.")
    assert "Kloot" not in get(alice, "/inbox").words


def test_the_rules_are_ready_before_anybody_answers(client: FlaskClient) -> None:
    reading.warm_up.cache_clear()
    suggesting._table.cache_clear()
    client.get("/healthz?part=web")
    assert suggesting._table.cache_info().currsize == 2


def test_whoever_has_no_page_reads_no_swearing(app: Flask) -> None:
    assert reading.as_chosen(WORDS) == MASKED
    assert reading.as_chosen(WORDS, show=True) == WORDS


def test_an_empty_text_is_nothing_to_mask(app: Flask) -> None:
    assert reading.as_chosen("") == ""
    assert not reading.is_masked("")


@pytest.mark.parametrize("show", ["0", "yes", "true", "1 ", ""])
def test_only_one_word_shows_it(alice: Colleague, comment: Comment, show: str) -> None:
    page = get(alice, f"/comments/{comment.id}", query_string={"show": show})
    assert MASKED in page.words


def test_a_stranger_finds_no_comment_to_show(charlie: Colleague, comment: Comment) -> None:
    assert charlie.get(f"/comments/{comment.id}?show=1").status_code == 404


def test_what_they_said_when_they_were_told_is_masked_too(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    first = said(survey, now)
    with writing():
        judge(first.response, Judgement(clear=True, solved=False, words=WORDS, nonce="n"), now)
    for address in (f"/comments/{first.id}", f"/responses/{first.response_id}"):
        shows_masked(alice, address)
        assert WORDS in get(alice, f"{address}?show=1").words
