"""Large steps on pages: seen before they are taken, on top of the inbox, decided by a manager, read by who asked."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from followup.composing import compose_due
from followup.models import LargeStep
from followup.steps import large_steps
from surveys.models import Round, Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, said, scored
from tests.loop import decided, settled
from tests.pages import Page, get
from triage.models import Action, Comment, Tag

TITLE = "Action taken: Stronger boxes"


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_steps, "FLOOR", 2)


@pytest.fixture
def ticked(survey: Survey, action: Action, now: datetime) -> dict[str, object]:
    """What is sent when two comments are ticked in the inbox."""
    comments = [said(survey, now, email=f"{n}@example.com") for n in range(2)]
    return {"comment_ids": [c.id for c in comments], "action_id": action.id}


def step() -> LargeStep:
    return db.session.scalars(select(LargeStep)).one()


def test_the_preview_says_that_a_manager_looks_first(bob: Colleague, ticked: dict[str, object]) -> None:
    words = Page(bob.post("/tags/preview", data=ticked)).words
    assert "By mail 2 On their own page 0 Will not hear it 0 English, by mail: 2" in words
    assert "2 messages, where a usual day has 0: nobody is told before a manager has looked at it." in words


def test_an_agents_step_waits_on_top_of_the_managers_inbox(
    alice: Colleague, bob: Colleague, ticked: dict[str, object]
) -> None:
    answer = bob.post("/tags", data=ticked)
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert "This reaches 2 people, more than three times a usual day" in get(bob, "/inbox").words
    top = get(alice, "/inbox")
    assert f"First of all 1 waits for you {TITLE} 2 messages · Bob Bakker" in top.words
    assert top.links()[TITLE] == f"/large-steps/{step().id}"
    assert "First of all" not in get(bob, "/inbox").words


def test_a_manager_sees_the_number_and_the_letters_and_approves(
    alice: Colleague, bob: Colleague, ticked: dict[str, object], now: datetime
) -> None:
    bob.post("/tags", data=ticked)
    page = get(alice, f"/large-steps/{step().id}")
    assert page.heading == TITLE
    assert "Messages 2 that do not fall due today A usual day 0" in page.words
    assert "We now use a stronger box." in page.words
    assert "The box was torn." in page.words
    answer = alice.post(f"/large-steps/{step().id}/approval")
    assert (answer.status_code, answer.location) == (303, f"/large-steps/{step().id}")
    assert "approved" in get(alice, f"/large-steps/{step().id}").words
    assert compose_due(now) == 2
    alice.post(f"/large-steps/{step().id}/approval")
    assert "This was decided already." in get(alice, f"/large-steps/{step().id}").words


def test_who_asked_reads_why_it_was_refused(
    alice: Colleague, bob: Colleague, ticked: dict[str, object], now: datetime
) -> None:
    bob.post("/tags", data=ticked)
    empty = Page(alice.post(f"/large-steps/{step().id}/refusal", data={"reason": ""}))
    assert empty.status == 422
    assert empty.errors() == {"reason": "Say why not: whoever asked reads it."}
    assert (
        alice.post(f"/large-steps/{step().id}/refusal", data={"reason": "The boxes come in May."}).status_code
        == 303
    )
    assert f"refused {TITLE} Alice Adams: The boxes come in May." in get(bob, "/inbox").words
    assert "The boxes come in May." in get(bob, f"/large-steps/{step().id}").words
    (first, *_others) = db.session.scalars(select(Tag.comment_id))
    assert "A manager did not let it be told: The boxes come in May." in get(bob, f"/comments/{first}").words
    assert compose_due(now) == 0


def test_on_the_desk_its_tag_cannot_be_sent_now(bob: Colleague, ticked: dict[str, object]) -> None:
    bob.post("/tags", data=ticked)
    tag = db.session.scalars(select(Tag)).first()
    assert tag
    page = get(bob, f"/comments/{tag.comment_id}")
    assert "waits for a manager" in page.words
    assert "Send now" not in page.words
    bob.post(f"/tags/{tag.id}/release")
    assert "A manager looks at this first" in get(bob, f"/comments/{tag.comment_id}").words
    assert tag.awaits_manager


def test_a_managers_own_step_gets_a_second_look(alice: Colleague, ticked: dict[str, object]) -> None:
    answer = alice.post("/tags", data=ticked)
    assert answer.location == f"/large-steps/{step().id}"
    words = get(alice, answer.location).words
    assert "You asked for this yourself: this is the second look." in words
    assert "Approve: write to 2 people" in words


def test_a_comment_and_those_like_it_are_a_step_too(
    alice: Colleague, bob: Colleague, ticked: dict[str, object]
) -> None:
    first, *others = db.session.scalars(select(Comment.id).order_by(Comment.id))
    sent = {"choice": ticked["action_id"], "comment_ids": others}
    assert bob.post(f"/comments/{first}/settlement", data=sent).location == f"/comments/{first}"
    assert step().messages == 2
    assert f"First of all 1 waits for you {TITLE}" in get(alice, "/inbox").words


def test_a_digest_is_looked_at_twice(alice: Colleague, survey: Survey, now: datetime) -> None:
    for n in range(2):
        scored(survey, now, email=f"{n}@example.com")
    found = db.session.scalars(select(Round)).one()
    assert "Approve: look at it once more" in get(alice, f"/rounds/{found.id}").words
    answer = alice.post(f"/rounds/{found.id}/approval", data={"words_nl": "U zei.", "words_en": "You said."})
    assert answer.location == f"/large-steps/{step().id}"
    assert "You said." in get(alice, answer.location).words
    waiting = get(alice, f"/rounds/{found.id}")
    assert "waits for a second look" in waiting.words
    assert "textarea" not in waiting.html
    alice.post(f"/large-steps/{step().id}/approval")
    assert "Approved" in get(alice, f"/rounds/{found.id}").words
    assert compose_due(now) == 2


def test_a_plan_that_is_done_and_a_correction_are_shown_before_they_are_told(
    alice: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        plan = decided(people, now, "planned")
    for n in range(2):
        comment = said(survey, now, email=f"{n}@example.com")
        with writing():
            settled(comment.response, plan, now)
    compose_due(now)
    path = f"/actions/{plan.id}/completion"
    page = Page(alice.post(path, data={"done_on": "2026-11-23", "step": "preview"}))
    assert "By mail 2 On their own page 0" in page.words
    assert "Done on 23 November 2026" in page.words
    assert form_to(page, path)["done_on"] == "2026-11-23"
    assert plan.kind == "planned"
    right = {"kind": "already", "title": "Put right", "note_en": "It was so already.", "note_nl": "", "theme": "", "owner": str(people.alice.id)}  # fmt: skip
    path = f"/actions/{plan.id}/correction"
    page = Page(alice.post(path, data={**right, "step": "preview"}))
    assert "What we told you before was not right." in page.words
    assert form_to(page, path)["note_en"] == "It was so already."
    assert "It was so already." in Page(alice.post(path, data={**right, "step": "edit"})).html
    assert len(db.session.scalars(select(Action)).all()) == 1, "a preview keeps nothing"
    assert alice.post(path, data={**right, "step": "settle"}).location == f"/large-steps/{step().id}"


def test_who_may_decide(
    bob: Colleague, vera: Colleague, charlie: Colleague, ticked: dict[str, object]
) -> None:
    bob.post("/tags", data=ticked)
    path = f"/large-steps/{step().id}"
    assert "A manager decides; until then nobody is told." in get(vera, path).words
    for person, status in ((bob, 403), (vera, 403), (charlie, 404)):
        assert person.post(f"{path}/approval").status_code == status
        assert person.post(f"{path}/refusal", data={"reason": "No."}).status_code == status
    assert charlie.get(path).status_code == 404
    assert "Nothing waits" in get(charlie, "/large-steps").words
    assert TITLE in get(vera, "/large-steps").words
    assert step().decided_at is None
