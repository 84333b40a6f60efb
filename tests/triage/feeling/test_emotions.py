"""The customer's own word comes first, then what staff decide; a suggestion is one, and orders the inbox only where nobody said more."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.models import Event
from surveys.models import Question, Survey
from surveys.models_responses import Answer, Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, labelled, said
from tests.loop import answered
from tests.pages import get
from triage import commenting, indexing
from triage.commenting import comments_of
from triage.inbox.marks import mark
from triage.labelling import Labels, label
from triage.models import Comment
from triage.models_index import CommentIndex

FURIOUS = "I am furious about the way I was spoken to."
BOTH = pytest.mark.both_databases


def line(comment: Comment) -> CommentIndex:
    db.session.expire_all()
    return db.session.get_one(CommentIndex, comment.id)


def asked(response: Response, word: str) -> Comment:
    """Their comment as it is when the survey asked how they feel, and they said it."""
    with writing():
        (comment,) = comments_of(response)
        question = Question(
            version_id=response.version_id, key="feel", position=9, kind="emotion", prompt={"en": "?"}
        )
        db.session.add(question)
        db.session.flush()
        db.session.add(Answer(response_id=response.id, question_id=question.id, text=word))
        db.session.query(CommentIndex).filter_by(comment_id=comment.id).delete()
        db.session.delete(comment)
        db.session.flush()
        db.session.refresh(response)
        commenting.on_response(response, response.submitted_at)
    (comment,) = comments_of(response)
    return comment


@BOTH
def test_the_customers_own_word_is_there_at_once(survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now, FURIOUS)
    comment = asked(response, "worried")
    assert (comment.emotion, comment.emotion_theirs) == ("worried", True)
    assert mark("emotion", "worried") in line(comment).tokens.split()


def test_a_word_that_is_no_emotion_is_none(survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
    comment = asked(response, "ecstatic")
    assert (comment.emotion, comment.emotion_theirs) == (None, False)


def test_staff_who_decide_otherwise_say_so_in_their_own_name(survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
    comment = asked(response, "worried")
    with writing():
        label(comment, Labels("worried", [], None), now)
    assert comment.emotion_theirs, "nobody changed it"
    with writing():
        label(comment, Labels("angry", [], None), now)
    assert (comment.emotion, comment.emotion_theirs) == ("angry", False)


@BOTH
def test_a_suggestion_is_kept_by_what_finds_and_not_by_the_comment(survey: Survey, now: datetime) -> None:
    comment = said(survey, now, FURIOUS)
    assert comment.emotion is None
    assert (line(comment).suggested, line(comment).rank) == ("angry", 5)
    assert mark("emotion", "angry") not in line(comment).tokens.split()
    labelled(comment, emotion="angry")
    assert line(comment).rank == 4, "what was said comes before what is suggested"
    assert indexing.astray() == []


def test_nothing_is_suggested_where_the_words_say_nothing(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    assert line(comment).suggested is None
    assert "suggested" not in get(bob, f"/comments/{comment.id}").words


def test_the_inbox_orders_by_what_was_said_then_by_what_is_suggested(
    people: Cast, bob: Colleague, survey: Survey, now: datetime
) -> None:
    said(survey, now, "Plain words one.", email="a@example.com")
    said(survey, now, FURIOUS, email="b@example.com")
    labelled(said(survey, now, "Plain words two.", email="c@example.com"), emotion="angry")
    words = get(bob, "/inbox").words
    places = [words.index(part) for part in ("Plain words two", "I am furious", "Plain words one")]
    assert places == sorted(places)


def test_a_suggestion_is_taken_with_one_click(bob: Colleague, survey: Survey, now: datetime) -> None:
    comment = said(survey, now, FURIOUS)
    address = f"/comments/{comment.id}"
    page = get(bob, f"{address}?state=open")
    assert "suggested: angry" in page.words
    assert "suggested: angry" in get(bob, "/inbox").words
    assert form_to(page, f"{address}/emotion")
    answer = bob.post(f"{address}/emotion?state=open", data={"emotion": "angry"})
    assert (answer.status_code, answer.location) == (303, f"{address}?state=open")
    db.session.expire_all()
    assert comment.emotion == "angry"
    assert "suggested" not in get(bob, address).words
    assert "How it sounds was decided: angry" in get(bob, address).words


def test_what_was_suggested_is_kept_beside_what_was_decided(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now, FURIOUS)
    bob.post(f"/comments/{comment.id}/emotion", data={"emotion": "frustrated"})
    event = db.session.scalars(select(Event).where(Event.verb == "comment.felt")).one()
    assert event.detail == {"emotion": "frustrated", "suggested": "angry"}


@pytest.mark.parametrize("emotion", ["", "ecstatic", "angry\x00", "🙂"])
def test_what_is_no_emotion_changes_nothing(
    bob: Colleague, survey: Survey, now: datetime, emotion: str
) -> None:
    comment = said(survey, now, FURIOUS)
    bob.post(f"/comments/{comment.id}/emotion", data={"emotion": emotion})
    db.session.expire_all()
    assert comment.emotion is None
    assert "Choose one of the emotions that are shown." in get(bob, f"/comments/{comment.id}").words


def test_a_viewer_reads_the_suggestion_and_decides_nothing(
    vera: Colleague, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now, FURIOUS)
    page = get(vera, f"/comments/{comment.id}")
    assert "suggested: angry" in page.words
    assert "/emotion" not in page.html
    assert vera.post(f"/comments/{comment.id}/emotion", data={"emotion": "angry"}).status_code == 403
