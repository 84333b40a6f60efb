"""Tagging from the inbox, sending now, and undoing: what one click did, one click can undo."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller

from core.db import db, writing
from followup.composing import compose_due
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, said
from tests.loop import decided
from tests.pages import Page, get
from triage.models import Action, Comment, Tag

HOLD = timedelta(minutes=15)


@pytest.fixture
def two(survey: Survey, now: datetime) -> list[Comment]:
    return [said(survey, now, email=f"{n}@example.com") for n in range(2)]


def tags() -> list[Tag]:
    return list(db.session.scalars(select(Tag).order_by(Tag.id)))


def tag(bob: Colleague, comments: list[Comment], action: Action) -> None:
    data = {"comment_ids": [c.id for c in comments], "action_id": action.id}
    assert bob.post("/tags", data=data).status_code == 303


def test_all_that_are_ticked_get_the_action(
    bob: Colleague, people: Cast, action: Action, two: list[Comment], now: datetime
) -> None:
    answer = bob.post("/tags?state=open", data={"comment_ids": [c.id for c in two], "action_id": action.id})
    assert (answer.status_code, answer.location) == (303, "/inbox?tagged=1&state=open")
    assert [(t.comment_id, t.action_id, t.tagged_by_id) for t in tags()] == [
        (c.id, action.id, people.bob.id) for c in two
    ]
    assert {t.release_at for t in tags()} == {now + HOLD}
    assert "2 comments have their action. You can undo it for 15 minutes." in get(bob, "/inbox").words


def test_the_same_action_is_given_once(bob: Colleague, action: Action, two: list[Comment]) -> None:
    tag(bob, two, action)
    tag(bob, two, action)
    assert len(tags()) == 2
    assert "these comments have this action already" in get(bob, "/inbox").words


@pytest.mark.settings(hold_minutes=0)
def test_without_a_hold_nothing_can_be_undone(
    bob: Colleague, action: Action, two: list[Comment], now: datetime
) -> None:
    tag(bob, two, action)
    assert {t.release_at for t in tags()} == {now}
    assert "can undo it" not in get(bob, "/inbox").words


def test_nothing_ticked_is_said_and_nothing_is_lost(
    bob: Colleague, action: Action, two: list[Comment]
) -> None:
    page = Page(bob.post("/tags", data={"action_id": action.id}))
    assert page.status == 422
    assert "Tick at least one comment." in page.words
    assert form_to(page, "/tags/preview")["action_id"] == str(action.id)


def test_no_action_chosen_is_said_and_the_ticks_stay(
    bob: Colleague, action: Action, two: list[Comment]
) -> None:
    page = Page(bob.post("/tags", data={"comment_ids": two[0].id, "action_id": ""}))
    assert page.status == 422
    assert "Choose the action that was taken." in page.words
    assert form_to(page, "/tags/preview")["comment_ids"] == str(two[0].id)


@pytest.mark.parametrize("ids", [["0"], ["-1"], ["9223372036854775808"], ["1e3"], ["٣"], ["x"], [""]])
def test_what_is_no_id_ticks_nothing(bob: Colleague, action: Action, ids: list[str]) -> None:
    assert bob.post("/tags", data={"comment_ids": ids, "action_id": action.id}).status_code == 422
    assert tags() == []


def test_comments_of_others_are_not_there(charlie: Colleague, action: Action, two: list[Comment]) -> None:
    answer = charlie.post("/tags", data={"comment_ids": [two[0].id], "action_id": action.id})
    assert answer.status_code == 422
    assert tags() == []


def test_an_action_of_others_is_not_there(
    bob: Colleague, people: Cast, two: list[Comment], now: datetime
) -> None:
    with writing():
        theirs = decided(people, now)
        theirs.organisation_id = people.housing.id
    assert bob.post("/tags", data={"comment_ids": [two[0].id], "action_id": theirs.id}).status_code == 404
    assert tags() == []


def test_a_withdrawn_action_is_refused_with_a_sentence(
    bob: Colleague, action: Action, two: list[Comment], now: datetime
) -> None:
    with writing():
        action.withdrawn_at = now
    answer = bob.post("/tags", data={"comment_ids": [two[0].id], "action_id": action.id})
    assert answer.status_code == 422
    assert "This action was withdrawn. Choose another one." in answer.text


def test_a_viewer_tags_nothing(vera: Colleague, action: Action, two: list[Comment]) -> None:
    assert vera.post("/tags", data={"comment_ids": [two[0].id], "action_id": action.id}).status_code == 403
    assert tags() == []


def test_send_now_ends_the_hold(bob: Colleague, action: Action, two: list[Comment], now: datetime) -> None:
    tag(bob, two, action)
    first = tags()[0]
    answer = bob.post(f"/tags/{first.id}/release")
    assert (answer.status_code, answer.location) == (303, f"/comments/{first.comment_id}")
    assert [t.release_at for t in tags()] == [now, now + HOLD], "only this one"
    assert compose_due(now) == 1


def test_send_now_may_end_the_hold_of_all_that_were_given_together(
    bob: Colleague, action: Action, two: list[Comment], now: datetime
) -> None:
    tag(bob, two, action)
    bob.post(f"/tags/{tags()[0].id}/release", data={"all": "1"})
    assert {t.release_at for t in tags()} == {now}


def test_undo_within_the_hold(bob: Colleague, action: Action, two: list[Comment], now: datetime) -> None:
    tag(bob, two, action)
    answer = bob.post(f"/tags/{tags()[0].id}/withdrawal")
    assert answer.status_code == 303
    assert [t.withdrawn_at for t in tags()] == [now, None]
    assert "Undone. Nobody was told." in get(bob, answer.location).words
    assert compose_due(now + HOLD) == 1, "the other one is told"


def test_undo_all_that_were_given_together(
    bob: Colleague, action: Action, two: list[Comment], now: datetime
) -> None:
    tag(bob, two, action)
    bob.post(f"/tags/{tags()[1].id}/withdrawal", data={"all": "1"})
    assert {t.withdrawn_at for t in tags()} == {now}
    assert compose_due(now + HOLD) == 0


def test_undo_by_delete(bob: Colleague, action: Action, two: list[Comment], now: datetime) -> None:
    tag(bob, two[:1], action)
    assert bob.delete(f"/tags/{tags()[0].id}/withdrawal").status_code == 303
    assert tags()[0].withdrawn_at == now


def test_too_late_to_undo_is_said(
    bob: Colleague, action: Action, two: list[Comment], now: datetime, monday: Traveller
) -> None:
    tag(bob, two[:1], action)
    monday.shift(HOLD)
    compose_due(now + HOLD)
    answer = bob.post(f"/tags/{tags()[0].id}/withdrawal")
    assert "This was told already. It can be corrected, not undone." in get(bob, answer.location).words
    assert tags()[0].withdrawn_at is None


def test_undone_twice_is_said(bob: Colleague, action: Action, two: list[Comment]) -> None:
    tag(bob, two[:1], action)
    for _ in range(2):
        answer = bob.post(f"/tags/{tags()[0].id}/withdrawal")
    assert "This was undone already." in get(bob, answer.location).words


@pytest.mark.parametrize("what", ["release", "withdrawal"])
def test_tags_of_others_are_not_there(
    bob: Colleague, charlie: Colleague, vera: Colleague, action: Action, two: list[Comment], what: str
) -> None:
    tag(bob, two[:1], action)
    id = tags()[0].id
    assert charlie.post(f"/tags/{id}/{what}").status_code == 404
    assert vera.post(f"/tags/{id}/{what}").status_code == 403
    assert bob.post(f"/tags/{id + 1}/{what}").status_code == 404
    assert tags()[0].withdrawn_at is None
