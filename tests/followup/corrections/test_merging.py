"""Two actions that say the same become one: whoever waits hears the words that hold, once; what was told stays told."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from followup.composing import compose_due
from followup.corrections.correcting import correct, tell_done
from followup.corrections.merging import Merger, merge_actions, what_comes_of
from followup.corrections.retelling import compose_corrections
from followup.digests.rounds import approve
from followup.models import Told
from followup.steps.large_steps import hold
from outbox.models import Message
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.each import each
from tests.hostile import WORDS, foreign
from tests.loop import decided, promises_of, settled
from tests.pages import get
from triage import indexing
from triage.acting import Decision, decide
from triage.models import Action, Comment, Tag
from triage.tagging import tag

HOLD = timedelta(minutes=15)
both_databases = pytest.mark.both_databases


@pytest.fixture
def box(people: Cast, now: datetime) -> Action:
    with writing():
        return decided(people, now)


@pytest.fixture
def carton(people: Cast, now: datetime) -> Action:
    words = {"nl": "De doos is dikker.", "en": "The carton is thicker."}
    with writing():
        return decide(
            people.webshop.id, Decision("done", "Thicker cartons", people.bob.id, words), now.date(), now
        )


def about(
    survey: Survey, now: datetime, action: Action, hold_for: timedelta = HOLD, email: str = "rita@example.com"
) -> Comment:
    """A comment of somebody, tagged with this action."""
    comment = said(survey, now, email=email)
    with writing():
        settled(comment.response, action, now, hold_for)
    return comment


def corrected(one: Action, into: Action, now: datetime) -> Merger:
    """As a manager does it."""
    with writing():
        return merge_actions(one, into, now, may_correct=True)


def merged(one: Action, into: Action, now: datetime) -> Merger:
    with writing():
        return merge_actions(one, into, now)


def heard() -> list[str]:
    return [
        m.text
        for m in db.session.scalars(select(Message).where(Message.kind == "update").order_by(Message.id))
    ]


def events() -> list[tuple[str, int]]:
    found = db.session.scalars(select(Event).where(Event.verb.startswith("action.")).order_by(Event.id))
    return [(e.verb, e.subject_id) for e in found][-2:]


@both_databases
def test_whoever_waits_hears_the_words_that_hold(
    survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    comment = about(survey, now, box)
    assert merged(box, carton, now) == Merger(moved=1, both=0)
    assert [t.action_id for t in comment.live_tags] == [carton.id]
    compose_due(now + HOLD)
    (letter,) = heard()
    assert "The carton is thicker." in letter
    assert "stronger box" not in letter
    assert events() == [("action.merged", box.id), ("action.took_in", carton.id)]


@both_databases
def test_a_comment_that_has_both_hears_it_once(
    survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    comment = about(survey, now, box)
    with writing():
        tag([comment], carton, None, HOLD, now)
    assert merged(box, carton, now) == Merger(moved=0, both=1)
    assert [t.action_id for t in comment.live_tags] == [carton.id]
    compose_due(now + HOLD)
    assert heard()[0].count("The carton is thicker.") == 1


def test_who_was_told_the_other_hears_nothing_new(
    survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    told = about(survey, now, carton, timedelta())
    compose_due(now)
    later = now + timedelta(days=1)
    with writing():
        tag([told], box, None, HOLD, later)
    assert merged(box, carton, later) == Merger(moved=0, both=1)
    compose_due(later + HOLD)
    assert len(heard()) == 1
    assert all(p.ended_at for p in promises_of(told.response)), "what the tag had opened is owed no more"


def test_a_tag_from_before_it_came_back_gives_way(
    survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    comment = about(survey, now, carton)
    later = now + timedelta(minutes=1)
    with writing():
        comment.reopened_at = later
    with writing():
        tag([comment], box, None, HOLD, later + timedelta(minutes=1))
    assert merged(box, carton, later + timedelta(minutes=2)) == Merger(moved=1, both=0)
    assert len(comment.live_tags) == 1


def test_the_hold_goes_on_as_it_was(survey: Survey, box: Action, carton: Action, now: datetime) -> None:
    about(survey, now, box)
    merged(box, carton, now + timedelta(minutes=5))
    compose_due(now + HOLD - timedelta(seconds=1))
    assert heard() == []
    compose_due(now + HOLD)
    assert len(heard()) == 1


def test_the_index_of_comments_follows(survey: Survey, box: Action, carton: Action, now: datetime) -> None:
    about(survey, now, box)
    merged(box, carton, now)
    assert list(indexing.astray()) == []


@both_databases
def test_what_was_told_has_to_hold(survey: Survey, box: Action, carton: Action, now: datetime) -> None:
    about(survey, now, box, timedelta())
    compose_due(now)
    with pytest.raises(Conflict, match="“Stronger boxes” was told already"):
        merged(box, carton, now)
    assert what_comes_of(carton, box, now) == Merger(0, 0), "the other way round it can"


def test_what_stood_in_a_digest_was_told(survey: Survey, box: Action, carton: Action, now: datetime) -> None:
    comment = about(survey, now, box)
    with writing():
        words = {"nl": "U zei dozen.", "en": "You said, we did: We now use a stronger box."}
        approve(comment.response.round, words, None, now)
    with pytest.raises(Conflict, match="was told already"):
        merged(box, carton, now)


def test_what_puts_another_right_has_to_hold(
    people: Cast, survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    about(survey, now, box, timedelta())
    compose_due(now)
    right = Decision("done", "Right", people.bob.id, {"en": "This holds."})
    with writing():
        made = decide(people.webshop.id, right, now.date(), now, corrects=box)
        correct(box, made, now)
    with pytest.raises(Conflict, match="puts another action right"):
        merged(made, carton, now)


def test_what_waits_for_a_manager_is_decided_first(
    people: Cast, survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    comment = about(survey, now, box)
    with writing():
        hold("tags", box, 700, 20, people.bob.id, now, tags=comment.live_tags)
    for one, into in ((box, carton), (carton, box)):
        with pytest.raises(Conflict, match="waits for a manager"):
            merged(one, into, now)


def test_two_that_merge_at_once_and_an_action_with_itself(
    survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    about(survey, now, box)
    merged(box, carton, now)
    for one, into in ((box, carton), (carton, box)):
        with pytest.raises(Conflict, match="“Stronger boxes” was withdrawn, or merged"):
            merged(one, into, now)
    with pytest.raises(DomainError, match="cannot be merged with itself"):
        merged(carton, carton, now)


def test_another_one_is_looked_for_and_chosen(bob: Colleague, box: Action, carton: Action) -> None:
    page = get(bob, f"/actions/{box.id}")
    assert page.links()["Merge it with another one"] == f"/actions/{box.id}/merger"
    chosen = get(bob, f"/actions/{box.id}/merger")
    assert chosen.links()["Thicker cartons"] == f"/actions/{box.id}/merger?with={carton.id}"
    assert f"/actions/{box.id}/merger?with={box.id}" not in chosen.html, "not with itself"
    assert "No action matches" in get(bob, f"/actions/{box.id}/merger?q=zebra").words


def test_both_words_are_read_and_which_hold_is_chosen(
    bob: Colleague, survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    comment = about(survey, now, box)
    page = get(bob, f"/actions/{box.id}/merger?with={carton.id}")
    for words in ("We now use a stronger box.", "The carton is thicker.", "0 were told"):
        assert words in page.words
    assert "If these words hold, 1 comment moves here and hears them." in page.words
    done = bob.post(f"/actions/{box.id}/merger", data={"into": str(carton.id)})
    assert (done.status_code, done.location) == (303, f"/actions/{carton.id}")
    after = get(bob, f"/actions/{carton.id}").words
    assert "Merged. 1 comment moved." in after
    assert "“Stronger boxes” was merged into this one, with 1 comment" in after
    assert "It was merged into “Thicker cartons”, whose words hold" in get(bob, f"/actions/{box.id}").words
    assert [t.action_id for t in comment.live_tags] == [carton.id]


def test_the_page_says_why_words_that_were_told_have_to_hold(
    bob: Colleague, survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    about(survey, now, box, timedelta())
    compose_due(now)
    page = get(bob, f"/actions/{carton.id}/merger?with={box.id}")
    assert "“Stronger boxes” was told already" in page.words
    assert page.html.count("These words hold") == 1
    assert bob.post(f"/actions/{box.id}/merger", data={"into": str(carton.id)}).status_code == 303
    assert box.withdrawn_at is None
    assert "“Stronger boxes” was told already" in get(bob, "/actions").words


@pytest.mark.parametrize("into", ["", "abc", "-1", "9223372036854775808"])
def test_a_merger_with_nothing_asks_what_holds(bob: Colleague, box: Action, into: str) -> None:
    answer = bob.post(f"/actions/{box.id}/merger", data={"into": into})
    assert (answer.status_code, answer.location) == (303, f"/actions/{box.id}/merger")
    assert "Choose the action whose words hold." in get(bob, answer.location).words
    assert bob.get(f"/actions/{box.id}/merger", query_string={"with": into, "q": "\x00"}).status_code == 200


def test_the_action_of_another_organisation_is_not_there(
    bob: Colleague, people: Cast, box: Action, now: datetime
) -> None:
    decision = Decision("done", "Theirs", people.charlie.id, {"en": "Theirs."})
    with writing():
        theirs = decide(people.housing.id, decision, now.date(), now)
        db.session.flush()
    for id in (theirs.id, 99999):
        assert bob.post(f"/actions/{box.id}/merger", data={"into": str(id)}).status_code == 404
        assert bob.post(f"/actions/{id}/merger", data={"into": str(box.id)}).status_code == 404
        assert bob.get(f"/actions/{id}/merger").status_code == 404
        assert bob.get(f"/actions/{box.id}/merger?with={id}").status_code == 404


def test_what_is_about_to_be_put_right_is_left_alone(
    people: Cast, survey: Survey, box: Action, now: datetime
) -> None:
    """Moved away, whoever was told the wrong words would never hear what holds."""
    with writing():
        twin = decided(people, now)
    about(survey, now, box, timedelta())
    compose_due(now)
    decision = Decision("done", "Right", people.bob.id, {"en": "This holds."})
    with writing():
        right = decide(people.webshop.id, decision, now.date(), now, corrects=box)
        hold("correction", right, 700, 20, people.bob.id, now)
    for one, into in ((box, twin), (twin, box)):
        with pytest.raises(Conflict, match="waits for a manager or is being carried out"):
            merged(one, into, now)


@each("words", [w for name, w in WORDS.items() if name not in {"control", "slots"}])
def test_hostile_words_are_shown_as_what_they_are(
    bob: Colleague, people: Cast, box: Action, now: datetime, words: str
) -> None:
    said_ = Decision("done", words[:200].strip() or "x", people.bob.id, {"en": words})
    with writing():
        evil = decide(people.webshop.id, said_, now.date(), now)
        db.session.flush()
    id = evil.id
    for address in (f"/actions/{box.id}/merger", f"/actions/{box.id}/merger?with={id}"):
        assert not foreign(get(bob, address).tree)


@both_databases
def test_the_same_words_that_were_told_stay_told_and_nothing_is_told_again(
    people: Cast, survey: Survey, box: Action, now: datetime
) -> None:
    with writing():
        twin = decided(people, now)
    told = about(survey, now, box, timedelta())
    compose_due(now)
    waits = about(survey, now, box, email="other@example.com")
    assert what_comes_of(box, twin, now) == merged(box, twin, now) == Merger(moved=1, both=0, told=1)
    assert [c.live_tags[0].action_id for c in (told, waits)] == [twin.id, twin.id]
    assert db.session.scalars(select(Told.action_id)).all() == [twin.id]
    compose_due(now + HOLD)
    assert len(heard()) == 2, "each of them once"


def test_who_was_told_the_same_plan_hears_that_it_is_done(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        plan, twin = decided(people, now, "planned"), decided(people, now, "planned")
    about(survey, now, plan, timedelta())
    compose_due(now)
    merged(plan, twin, now)
    with writing():
        assert tell_done(twin, now.date(), now) == 1
    compose_corrections(now)
    compose_due(now)
    assert len(heard()) == 2


def test_a_plan_for_another_day_is_not_the_same(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        plan = decided(people, now, "planned")
        later = decided(people, now, "planned", due_on=now.date() + timedelta(days=9))
    about(survey, now, plan, timedelta())
    compose_due(now)
    with pytest.raises(Conflict, match="was told already"):
        merged(plan, later, now)


def test_nobody_else_is_offered_it(vera: Colleague, box: Action, carton: Action) -> None:
    assert "Merge it with another one" not in get(vera, f"/actions/{box.id}").words
    assert vera.post(f"/actions/{box.id}/merger", data={"into": str(carton.id)}).status_code == 403
    assert db.session.scalars(select(Tag)).all() == []


@both_databases
def test_where_other_words_were_told_a_manager_merges_and_they_hear_what_holds_as_a_correction(
    survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    about(survey, now, box, timedelta())
    compose_due(now)
    waits = about(survey, now, box, email="rob@example.com")
    later = now + HOLD
    assert what_comes_of(box, carton, later, may_correct=True) == Merger(moved=1, both=0, corrected=1)
    assert corrected(box, carton, later) == Merger(moved=1, both=0, corrected=1)
    assert (carton.corrects_id, box.withdrawn_at) == (box.id, later)
    compose_corrections(later)
    compose_due(later)
    told = {m.recipient: m for m in db.session.scalars(select(Message).order_by(Message.id))}
    assert told["rita@example.com"].kind == "correction"
    assert "What we told you before was not right" in told["rita@example.com"].text
    assert "The carton is thicker." in told["rita@example.com"].text
    assert told["rob@example.com"].kind == "update"
    assert "was not right" not in told["rob@example.com"].text, "who heard nothing before hears of no mistake"
    assert [t.action_id for t in waits.live_tags] == [carton.id]
    assert (compose_corrections(later), compose_due(later)) == (0, 0)


def test_what_was_told_of_it_stays_as_it_was_told(
    survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    about(survey, now, box, timedelta())
    compose_due(now)
    corrected(box, carton, now + HOLD)
    compose_corrections(now + HOLD)
    told = db.session.scalars(select(Told).order_by(Told.id)).all()
    assert [t.action_id for t in told] == [box.id, carton.id]


def test_who_heard_both_hears_it_once_more_only_where_the_wrong_one_came_last(
    survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    first = about(survey, now, box, timedelta())
    compose_due(now)
    with writing():
        tag([first], carton, None, timedelta(), now + HOLD)
    compose_due(now + timedelta(days=1))
    assert corrected(box, carton, now + timedelta(days=1)).corrected == 0
    assert compose_corrections(now + timedelta(days=2)) == 0


def test_what_puts_another_right_already_cannot_put_this_right_too(
    people: Cast, survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    about(survey, now, box, timedelta())
    compose_due(now)
    with writing():
        wrong = decided(people, now, words={"en": "Something else."})
        carton.corrects_id = wrong.id
    with pytest.raises(Conflict, match="puts another action right already"):
        corrected(box, carton, now)


def test_so_many_that_a_manager_looks_first_are_put_right_by_a_correction_of_their_own(
    survey: Survey, box: Action, carton: Action, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    about(survey, now, box, timedelta())
    compose_due(now)
    monkeypatch.setattr("followup.steps.large_steps.FLOOR", 0)
    monkeypatch.setattr("followup.steps.large_steps.TIMES", 0)
    with pytest.raises(Conflict, match="by a correction of its own"):
        corrected(box, carton, now + HOLD)


def test_an_agent_merges_into_words_that_no_manager_read_only_where_nobody_wants_that(
    survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    about(survey, now, box)
    with writing():
        survey.approves_words = True
    with pytest.raises(Conflict, match="No manager has read the words of “Thicker cartons” yet"):
        merged(box, carton, now)
    assert corrected(box, carton, now).moved == 1
    assert carton.approved_at == now


def test_a_manager_reads_beforehand_who_hears_a_correction(
    alice: Colleague, bob: Colleague, survey: Survey, box: Action, carton: Action, now: datetime
) -> None:
    about(survey, now, box, timedelta())
    compose_due(now)
    here = f"/actions/{box.id}/merger"
    page = get(alice, f"{here}?with={carton.id}").words
    assert "1 was told other words" in page
    assert "What we told you before was not right. This is what holds:" in page
    assert (box.withdrawn_at, carton.corrects_id) == (None, None), "looking changes nothing"
    assert "a manager puts right what was told" in get(bob, f"{here}?with={carton.id}").words
    alice.post(here, data={"into": str(carton.id)})
    assert (
        "Merged. 0 comments moved. 1 comment hears what holds now."
        in get(alice, f"/actions/{carton.id}").words
    )
