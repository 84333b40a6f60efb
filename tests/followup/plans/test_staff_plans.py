"""Staff pages of what goes otherwise: a plan that is moved or waits, a word in between; each mistake beside its field."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from core.db import db, writing
from core.models import Event
from followup.composing import compose_due
from followup.no_news import compose_moves
from followup.receipts import compose_receipts
from outbox.models import Message
from promises.models import Promise
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.desk import said
from tests.loop import day, decided, promises_of, settled
from tests.pages import Page, get
from triage.models import Action
from triage.writing import overruling

LATER = {"due_on": "2026-12-04", "reason_nl": "", "reason_en": "The supplier is late."}
WAITS = {"whom_en": "the supplier", "since": "2026-11-19", "ask_again_on": "2026-11-26"}


@pytest.fixture
def plan(survey: Survey, people: Cast, now: datetime) -> Action:
    """Bob's, for 30 November; one person was told."""
    comment = said(survey, now)
    with writing():
        action = decided(people, now, "planned")
        settled(comment.response, action, now)
    compose_due(now)
    return action


@pytest.fixture
def promise(survey: Survey, now: datetime) -> Promise:
    """To Rita, by 30 November."""
    comment = said(survey, now)
    compose_receipts(now)
    return promises_of(comment.response)[0]


def test_an_agent_moves_it_once_and_a_manager_a_second_time(
    alice: Colleague, bob: Colleague, plan: Action, now: datetime
) -> None:
    assert "Will it be late?" in get(bob, f"/actions/{plan.id}").words
    answer = bob.post(f"/actions/{plan.id}/moves", data=LATER)
    assert (answer.status_code, plan.due_on, plan.moves) == (303, day("2026-12-04"), 1)
    assert "1 person hears the new date" in get(bob, answer.location).words
    again = LATER | {"due_on": "2026-12-11"}
    refused = Page(bob.post(f"/actions/{plan.id}/moves", data=again))
    assert (refused.status, plan.moves) == (403, 1)
    assert "Moving it again is for a manager" in refused.words
    assert "Now it becomes “no date yet”" in get(alice, f"/actions/{plan.id}").words
    assert alice.post(f"/actions/{plan.id}/moves", data=again).status_code == 303
    assert (
        "no date yet; the last one told was Friday 4 December 2026" in get(alice, f"/actions/{plan.id}").words
    )
    assert compose_moves(now) == 2


@pytest.mark.parametrize(("change", "errors"), [
    ({"due_on": "2026-12-05"}, {"due_on": "Saturday 5 December 2026 is in a weekend. The first working day after it is Monday 7 December 2026."}),
    ({"due_on": "2026-12-25"}, {"due_on": "Friday 25 December 2026 is a public holiday. The first working day after it is Monday 28 December 2026."}),
    ({"due_on": ""}, {"due_on": "Give the new date."}),
    ({"reason_en": " "}, {"reason_nl": "Give the reason: the respondent reads it together with the new date."}),
])  # fmt: skip
def test_a_bad_move_is_refused_and_nothing_typed_is_lost(
    bob: Colleague, plan: Action, change: dict[str, str], errors: dict[str, str]
) -> None:
    answer = bob.post(f"/actions/{plan.id}/moves", data=LATER | change)
    assert (answer.status_code, Page(answer).errors()) == (422, errors)
    assert (LATER | change)["reason_en"].strip() in answer.text
    assert plan.moves == 0


def test_after_its_date_it_says_what_can_still_be_done(
    app: Flask, people: Cast, plan: Action, monday: time_machine.Traveller, now: datetime
) -> None:
    monday.move_to(now + timedelta(days=8))
    bob = signed_in(app, people.bob)
    assert "Its date has passed and can no longer be moved." in get(bob, f"/actions/{plan.id}").words
    answer = bob.post(f"/actions/{plan.id}/moves", data=LATER)
    assert answer.status_code == 409
    assert "fell due before now" in answer.text
    assert LATER["reason_en"] in answer.text, "nothing typed is lost"


def test_it_waits_for_somebody_and_goes_on(bob: Colleague, plan: Action) -> None:
    assert bob.post(f"/actions/{plan.id}/waiting", data=WAITS).status_code == 303
    assert plan.waiting_for == {"en": "the supplier"}
    assert (
        "the supplier, since Thursday 19 November 2026; we ask again on Thursday 26 November 2026"
        in get(bob, f"/actions/{plan.id}").words
    )
    assert bob.post(f"/actions/{plan.id}/going-on").status_code == 303
    assert (plan.waiting_for, plan.waiting_since, plan.ask_again_on) == ({}, None, None)


@pytest.mark.parametrize(("change", "field"), [
    ({"whom_en": " "}, "whom_nl"), ({"since": "2026-11-24"}, "since"), ({"since": ""}, "since"), ({"ask_again_on": ""}, "ask_again_on"),
    ({"ask_again_on": "2026-11-20"}, "ask_again_on"), ({"ask_again_on": "2026-11-28"}, "ask_again_on"), ({"since": "soon"}, "since"),
])  # fmt: skip
def test_waiting_is_complete_or_not_kept(
    bob: Colleague, plan: Action, change: dict[str, str], field: str
) -> None:
    page = Page(bob.post(f"/actions/{plan.id}/waiting", data=WAITS | change))
    assert page.status == 422
    assert list(page.errors()) == [field]
    assert plan.waiting_for == {}


def test_what_is_done_waits_for_nobody(bob: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        done = decided(people, now)
    answer = bob.post(f"/actions/{done.id}/waiting", data=WAITS)
    assert answer.status_code in {409, 422}
    assert done.waiting_for == {}


PROGRESS = {"words": "The mechanic has ordered the part.", "next_on": "2026-12-04"}


def test_a_word_in_between_is_told_at_once(bob: Colleague, promise: Promise) -> None:
    assert "Still working on it? Say so now" in get(bob, f"/promises/{promise.id}").words
    answer = bob.post(f"/promises/{promise.id}/progress", data=PROGRESS)
    assert (answer.status_code, promise.ended_as) == (303, "told")
    assert "Told. The next promise stands." in get(bob, answer.location).words
    kinds = db.session.scalars(select(Message.kind).order_by(Message.id)).all()
    assert kinds == ["receipt", "progress"]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"words": ""}, "words"), ({"next_on": ""}, "next_on"), ({"next_on": "2026-12-25"}, "next_on")],
)
def test_a_word_in_between_has_words_and_a_day(
    bob: Colleague, promise: Promise, change: dict[str, str], field: str
) -> None:
    page = Page(bob.post(f"/promises/{promise.id}/progress", data=PROGRESS | change))
    assert (page.status, list(page.errors())) == (422, [field])
    assert promise.is_open


def test_a_word_too_many_is_refused_with_the_reason(bob: Colleague, promise: Promise) -> None:
    bob.post(f"/promises/{promise.id}/progress", data=PROGRESS)
    following = promises_of(promise.response)[-1]
    answer = bob.post(f"/promises/{following.id}/progress", data=PROGRESS | {"next_on": "2026-12-11"})
    assert answer.status_code == 409
    assert "One message a day is enough" in answer.text
    assert PROGRESS["words"] in answer.text


def test_the_reason_of_one_move_is_read_by_the_writing_aid_too(bob: Colleague, promise: Promise) -> None:
    vague = {"due_on": "2026-12-04", "reason": "We will be back to you soon."}
    refused = Page(bob.post(f"/promises/{promise.id}/moves", data=vague))
    assert (refused.status, promise.ended_at) == (422, None)
    assert "Mend what is marked, or say below why it stays." in refused.words
    kept = vague | {"overrule": "The supplier said it like this."}
    assert bob.post(f"/promises/{promise.id}/moves", data=kept).status_code == 303
    assert promises_of(promise.response)[-1].reason == vague["reason"]
    recorded = db.session.scalars(select(Event).where(Event.verb == overruling.VERB)).one()
    assert recorded.detail["reason"] == "The supplier said it like this."


def test_an_outcome_leads_to_its_plan(bob: Colleague, plan: Action) -> None:
    outcome = db.session.scalars(select(Promise).where(Promise.kind == "outcome")).one()
    page = get(bob, f"/promises/{outcome.id}")
    assert "This is the date of a plan." in page.words
    assert "Say so now" not in page.words
    assert (
        bob.post(
            f"/promises/{outcome.id}/moves", data={"due_on": "2026-12-04", "reason": "Late."}
        ).status_code
        == 409
    )


def test_roles_and_strangers(vera: Colleague, charlie: Colleague, plan: Action, promise: Promise) -> None:
    for address in (
        f"/actions/{plan.id}/moves",
        f"/actions/{plan.id}/waiting",
        f"/actions/{plan.id}/going-on",
        f"/promises/{promise.id}/progress",
    ):
        assert vera.post(address, data=LATER | WAITS | PROGRESS).status_code == 403
        assert charlie.post(address, data=LATER | WAITS | PROGRESS).status_code == 404
    assert (plan.moves, plan.waiting_for, promise.ended_at) == (0, {}, None)


def test_the_preview_shows_the_promise_that_will_go_with_a_plan(
    bob: Colleague, survey: Survey, people: Cast, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        action = decided(people, now, "planned")
    page = Page(bob.post("/tags/preview", data={"comment_ids": str(comment.id), "action_id": str(action.id)}))
    assert (
        "What we promise you now: What: what came of it Who: Bob Bakker When: Monday 30 November 2026"
        in page.words
    )


def test_the_preview_of_a_plan_that_is_not_kept_yet_shows_it_too(
    bob: Colleague, survey: Survey, people: Cast, now: datetime
) -> None:
    comment = said(survey, now)
    new = {
        "choice": "new",
        "kind": "planned",
        "title": "Boxes",
        "note_nl": "Sterker.",
        "note_en": "Stronger.",
        "due_on": "2026-12-04",
        "theme": "",
    }
    sent = new | {"owner": str(people.bob.id), "step": "preview"}
    page = Page(bob.post(f"/comments/{comment.id}/settlement", data=sent))
    assert "When: Friday 4 December 2026" in page.words


@pytest.fixture
def germans(survey: Survey, plan: Action, now: datetime) -> Action:
    """Twelve more were told the plan, and read German."""
    for number in range(12):
        comment = said(survey, now, email=f"{number}@example.com", language="de")
        with writing():
            settled(comment.response, plan, now)
    compose_due(now)
    return plan


def test_a_language_nobody_speaks_here_is_seen_before_with_a_field_for_it(
    bob: Colleague, germans: Action
) -> None:
    page = get(bob, f"/actions/{germans.id}")
    assert "12 people chose German; write the reason in German." in page.words
    assert "1 person reads this language." in page.words, "Rita, who reads English"
    assert 'name="add_de"' in page.html


def test_each_reads_the_reason_in_their_own_language(bob: Colleague, germans: Action, now: datetime) -> None:
    bob.post(f"/actions/{germans.id}/moves", data=LATER | {"add_de": "Der Lieferant ist spät."})
    assert compose_moves(now) == 13
    told = {m.recipient: m.text for m in db.session.scalars(select(Message).where(Message.kind == "moved"))}
    assert "Der Lieferant ist spät." in told["0@example.com"]
    assert "The supplier is late." in told["rita@example.com"]


def test_a_reason_in_german_alone_is_a_reason(bob: Colleague, germans: Action) -> None:
    answer = bob.post(f"/actions/{germans.id}/moves", data=LATER | {"reason_en": "", "add_de": "Zu spät."})
    assert answer.status_code == 303


@pytest.mark.parametrize("wrong", [{"due_on": ""}, {"add_de": "x" * 1001}])
def test_what_was_typed_in_it_is_kept(bob: Colleague, germans: Action, wrong: dict[str, str]) -> None:
    typed = LATER | {"add_de": "Der Lieferant ist spät."} | wrong
    page = Page(bob.post(f"/actions/{germans.id}/moves", data=typed))
    assert page.status == 422
    assert typed["add_de"] in page.html
    assert germans.moves == 0
