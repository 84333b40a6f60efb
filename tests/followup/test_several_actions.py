"""One comment, several actions: each answers a part, all of them go out in one message, and each is undone by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from core.access import Role
from core.db import db, writing
from core.errors import DomainError
from followup.composing import compose_due
from outbox.models import Message
from surveys.models import Survey
from tests.api.programs import Program
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.each import each
from tests.hostile import WORDS
from tests.loop import decided, promises_of, settled
from tests.pages import Page, get
from triage.models import Action, Comment, Tag
from triage.parting import part_of
from triage.tagging import undo

HOLD = timedelta(minutes=15)
BOX, COURIER = "The box was torn", "the courier was rude"
SAID = f"{BOX},\n and {COURIER}."


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now, SAID)


@pytest.fixture
def actions(people: Cast, now: datetime) -> list[Action]:
    """About the box, and about the courier."""
    words = {"nl": "Wij spraken de koerier.", "en": "We spoke to the courier."}
    with writing():
        return [decided(people, now), decided(people, now, words=words)]


@pytest.fixture
def manager(app: Flask, people: Cast) -> Program:
    return Program(app, people.webshop, Role.manager)


def settle(who: Colleague, comment: Comment, action: Action, **values: Any) -> Page:
    sent = {"choice": str(action.id), "step": "settle", "part": "", **values}
    return Page(who.post(f"/comments/{comment.id}/settlement", data=sent))


def tags() -> list[Tag]:
    return list(db.session.scalars(select(Tag).order_by(Tag.id)))


def letters() -> list[str]:
    return [m.text for m in db.session.scalars(select(Message).where(Message.kind == "update"))]


def test_the_page_says_which_part_each_action_answers(
    bob: Colleague, comment: Comment, actions: list[Action]
) -> None:
    settle(bob, comment, actions[0], part="the  BOX was\ntorn")
    settle(bob, comment, actions[1], part=COURIER)
    assert [t.part for t in tags()] == [BOX, COURIER], "as it stands in the comment"
    words = get(bob, f"/comments/{comment.id}").words
    assert f"Answers this part: “{BOX}”" in words
    assert f"Answers this part: “{COURIER}”" in words
    assert "2 actions are not told yet: they go out together, in one message." in words


def test_one_message_holds_all_of_it(
    bob: Colleague, comment: Comment, actions: list[Action], monday: Traveller, now: datetime
) -> None:
    for action in actions:
        settle(bob, comment, action)
    compose_due(now + HOLD - timedelta(seconds=1))
    assert letters() == [], "it is held"
    compose_due(now + HOLD)
    (letter,) = letters()
    assert "We now use a stronger box." in letter
    assert "We spoke to the courier." in letter


def test_the_second_is_read_beforehand_together_with_the_first(
    bob: Colleague, comment: Comment, actions: list[Action]
) -> None:
    settle(bob, comment, actions[0])
    page = settle(bob, comment, actions[1], step="preview", part=COURIER)
    assert "We now use a stronger box." in page.words
    assert "We spoke to the courier." in page.words
    assert page.form()["part"] == COURIER, "what was said goes along"


def test_a_later_one_holds_the_first_back(
    bob: Colleague, comment: Comment, actions: list[Action], monday: Traveller, now: datetime
) -> None:
    settle(bob, comment, actions[0])
    monday.move_to(now + timedelta(minutes=14))
    settle(bob, comment, actions[1])
    compose_due(now + HOLD)
    assert letters() == []
    compose_due(now + timedelta(minutes=14) + HOLD)
    assert len(letters()) == 1


def test_undoing_one_leaves_the_other(
    bob: Colleague, comment: Comment, actions: list[Action], now: datetime
) -> None:
    for action in actions:
        settle(bob, comment, action)
    first, second = tags()
    assert bob.post(f"/tags/{first.id}/withdrawal").status_code == 303
    assert [t.id for t in comment.live_tags] == [second.id]
    words = get(bob, f"/comments/{comment.id}").words
    assert "go out together" not in words
    compose_due(now + HOLD)
    (letter,) = letters()
    assert "We spoke to the courier." in letter
    assert "stronger box" not in letter


def test_after_a_reopening_promise_undoing_one_of_two_keeps_it(
    comment: Comment, actions: list[Action], now: datetime
) -> None:
    """Somebody who was told before: the promise that a tag opened stays while another tag is untold."""
    with writing():
        settled(comment.response, actions[0], now)
    compose_due(now)
    later = now + timedelta(days=1)
    more = decide_two(comment, actions, later)
    with writing():
        undo(more[0], later)
    assert len(open_promises(comment)) == 1
    with writing():
        undo(more[1], later)
    assert open_promises(comment) == []


def decide_two(comment: Comment, actions: list[Action], now: datetime) -> list[Tag]:
    with writing():
        third = Action(
            organisation_id=comment.organisation_id, kind="thanks", title="Thanks", public_note={"en": "Thank you."},
            owner_id=actions[0].owner_id, created_at=now,
        )  # fmt: skip
        db.session.add(third)
        return [
            *settled(comment.response, actions[1], now, HOLD),
            *settled(comment.response, third, now, HOLD),
        ]


def open_promises(comment: Comment) -> list[Any]:
    return [p for p in promises_of(comment.response) if p.ended_at is None]


def test_what_was_told_is_counted_apart(
    bob: Colleague, comment: Comment, actions: list[Action], now: datetime
) -> None:
    with writing():
        settled(comment.response, actions[0], now)
    compose_due(now)
    settle(bob, comment, actions[1])
    words = get(bob, f"/comments/{comment.id}").words
    assert "1 action is not told yet. 1 was told already." in words, words


@pytest.mark.parametrize("step", ["preview", "settle"])
def test_a_part_that_does_not_stand_in_the_comment_is_refused_and_nothing_is_lost(
    bob: Colleague, comment: Comment, actions: list[Action], step: str
) -> None:
    page = settle(bob, comment, actions[0], part="the mug was chipped", step=step)
    assert page.status == 422
    assert "These words do not stand in the comment." in page.words
    assert page.element("part").attrib["value"] == "the mug was chipped"
    assert tags() == []


def test_others_that_are_ticked_get_the_action_without_the_part(
    bob: Colleague, comment: Comment, actions: list[Action], survey: Survey, now: datetime
) -> None:
    other = said(survey, now, "Torn too.", email="other@example.com")
    settle(bob, comment, actions[0], part=BOX, comment_ids=[str(other.id)])
    assert {t.comment_id: t.part for t in tags()} == {comment.id: BOX, other.id: ""}


@each("words", WORDS.values())
def test_any_words_are_a_part_of_themselves(survey: Survey, now: datetime, words: str) -> None:
    comment = said(survey, now, words)
    assert part_of(comment, words) == " ".join(words.split())[:500]
    assert part_of(comment, " \n ") == ""
    with pytest.raises(DomainError):
        part_of(comment, "(.*)+ no such words")


def test_by_a_program_one_comment_has_several_actions_each_with_its_part(
    manager: Program, people: Cast, comment: Comment, actions: list[Action]
) -> None:
    for action, part in zip(actions, (BOX, COURIER), strict=True):
        body = {"comment_ids": [comment.id], "action_id": action.id, "part": part}
        assert manager.post("/tags", body)["tagged"] == 1
    first, second = tags()
    assert [first.part, second.part] == [BOX, COURIER]
    manager.ask("DELETE", f"/tags/{first.id}", status=204)
    assert [t.id for t in comment.live_tags] == [second.id]
    other = {"comment_ids": [comment.id], "action_id": actions[0].id, "part": "the mug"}
    assert "do not stand in the comment" in manager.refused("POST", "/tags", other)


def test_a_part_is_of_one_comment(
    manager: Program, comment: Comment, survey: Survey, actions: list[Action], now: datetime
) -> None:
    other = said(survey, now, SAID, email="other@example.com")
    both = {"comment_ids": [comment.id, other.id], "action_id": actions[0].id, "part": BOX}
    assert manager.refused("POST", "/tags", both) == "A part is of one comment: name that one alone."
