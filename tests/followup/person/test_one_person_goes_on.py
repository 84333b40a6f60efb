"""What is for one person, when things go on: corrected, moved, come back, large, told by two clocks, asked by a program."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from core.errors import Conflict
from followup.beside import Wish, put_beside
from followup.composing import compose_due
from followup.corrections.correcting import correct
from followup.gratitude import _once, pass_on_compliments
from followup.judging import Judgement, judge
from followup.no_news import compose_no_news
from followup.person.writing_to_one import write_to
from followup.steps import large_steps
from followup.steps.sampling import samples
from followup.steps.stepping import take_tags
from outbox.models import Message
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, promises_of
from tests.pages import Page, get
from triage.acting import Decision
from triage.models import Action, Comment, Tag
from triage.tagging import tag, undo

HOLD, LATER, WEEK = timedelta(minutes=15), timedelta(hours=1), timedelta(days=7)
SENTENCE = "You stood in the rain with it, and you should not have."
KIND = {"en": "Alice rings you about a new box."}


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now, "Bob was so kind, thank you.")


def tagged(comment: Comment, action: Action, wish: Wish, now: datetime) -> Tag:
    with writing():
        (made,) = tag([comment], action, None, HOLD, now)
        put_beside([made], comment, wish)
    return made


def planned(people: Cast, comment: Comment, now: datetime) -> Action:
    plan = Decision("planned", "Message to one person", people.bob.id, KIND, due_on=(now + WEEK).date())
    with writing():
        (made,) = write_to(comment, plan, people.bob.id, Wish(), HOLD, now.date(), now).tags
    return made.action


def changed(*those: Tag | Action, **values: object) -> None:
    with writing():
        for each in those:
            for name, value in values.items():
                setattr(each, name, value)
        db.session.flush()


def mails() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind != "receipt").order_by(Message.id)))


def test_corrected_before_it_was_told_the_compliment_goes_on_and_the_sentence_does_not(
    people: Cast, comment: Comment, now: datetime
) -> None:
    with writing():
        wrong = decided(people, now)
    tagged(comment, wrong, Wish(SENTENCE, people.bob), now)
    with writing():
        right = decided(people, now, "thanks", words={"en": "Thank you for telling us."})
        right.corrects_id = wrong.id
        db.session.flush()
        correct(wrong, right, now)
    compose_due(now + LATER)
    (mail,) = mails()
    assert "Thank you for telling us.\nYour compliment reached Bob Bakker." in mail.text
    assert SENTENCE not in mail.text
    assert pass_on_compliments(now + LATER) == 1


@pytest.mark.both_databases
def test_another_clock_that_was_as_quick_passes_nothing_on(
    people: Cast, comment: Comment, now: datetime
) -> None:
    with writing():
        action = decided(people, now)
    made = tagged(comment, action, Wish("", people.bob), now)
    compose_due(now + LATER)
    assert [_once(made.id, now + LATER) for _ in range(2)] == [1, 0]


@pytest.mark.both_databases
def test_the_database_itself_holds_that_it_arrives_once(
    people: Cast, comment: Comment, now: datetime
) -> None:
    with writing():
        first, second = decided(people, now), decided(people, now, "thanks")
    two = [tagged(comment, action, Wish("", people.bob), now) for action in (first, second)]
    with pytest.raises(IntegrityError):
        changed(*two, passed_on_at=now)


@pytest.mark.both_databases
def test_only_a_message_to_one_person_is_signed_by_its_writer(people: Cast, now: datetime) -> None:
    with writing():
        action = decided(people, now)
    with pytest.raises(IntegrityError):
        changed(action, signed_by_id=people.bob.id)


def test_whoever_undoes_too_late_is_told_so(people: Cast, comment: Comment, now: datetime) -> None:
    plan = planned(people, comment, now)
    compose_due(now + HOLD)
    (made,) = db.session.scalars(select(Tag).where(Tag.action_id == plan.id))
    with pytest.raises(Conflict, match="corrected, not undone"), writing():
        undo(made, now + HOLD)


def test_a_plan_that_is_not_kept_is_told_as_broken_in_the_words_they_read(
    people: Cast, comment: Comment, now: datetime
) -> None:
    planned(people, comment, now)
    compose_due(now + HOLD)
    compose_no_news(now + WEEK + timedelta(days=1))
    mail = mails()[-1]
    assert "it is not done" in mail.text
    assert KIND["en"] in mail.text
    assert mail.sender_name.startswith("Bob Bakker")


def test_after_a_no_they_can_be_written_to_again_in_the_same_words(
    people: Cast, comment: Comment, now: datetime
) -> None:
    again = Decision("thanks", "Message to one person", people.bob.id, {"en": "Thank you for telling us."})
    moments = (now, now + timedelta(days=1))
    for moment in moments:
        with writing():
            taken = write_to(comment, again, people.bob.id, Wish(), HOLD, moment.date(), moment)
        assert taken.count == 1
        compose_due(moment + HOLD)
        with writing():
            judge(comment.response, Judgement(False, None, "", f"n{moment}"), moment + LATER)
    assert len([m for m in mails() if m.kind == "update"]) == 2


def test_in_a_large_step_the_sentence_waits_with_it_and_stands_in_its_letter(
    people: Cast, survey: Survey, comment: Comment, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_steps, "FLOOR", 2)
    other = said(survey, now, "Mine too.", email="other@example.com")
    with writing():
        action = decided(people, now)
        taken = take_tags([comment, other], action, people.bob.id, HOLD, now.date(), now)
        put_beside(taken.tags, comment, Wish(SENTENCE))
    assert taken.step
    assert sorted(SENTENCE in letter.text for letter in samples(taken.step, now)) == [False, True]
    assert compose_due(now + LATER) == 0


def test_its_own_page_shows_it_to_colleagues(
    alice: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    plan = planned(people, comment, now)
    page = get(alice, f"/actions/{plan.id}")
    assert page.heading == "Message to one person"
    assert KIND["en"] in page.words
    assert "Rita Ritsema" in page.words


def test_it_is_put_right_from_its_own_page_and_the_preview_is_signed_by_whoever_does_so(
    alice: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    plan = planned(people, comment, now)
    compose_due(now + HOLD)
    right = {
        "kind": "thanks",
        "title": "Right",
        "note_en": "Nobody rings: the box is on its way.",
        "owner": str(people.bob.id),
        "theme": "",
    }
    shown = Page(alice.post(f"/actions/{plan.id}/correction", data={**right, "step": "preview"}))
    assert "Nobody rings: the box is on its way. Is it clear what you can expect?" in shown.words
    assert alice.post(f"/actions/{plan.id}/correction", data={**right, "step": "settle"}).status_code == 303
    made = db.session.scalars(select(Action).where(Action.corrects_id == plan.id)).one()
    assert (made.comment_id, made.signed_by_id) == (comment.id, people.alice.id)
    assert "Right" not in get(alice, "/actions").words.split("Kind")[-1]


def test_who_is_told_nothing_is_owed_nothing_more(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now, wants="none", email="quiet@example.com")
    planned(people, comment, now)
    compose_due(now + LATER)
    assert [p for p in promises_of(comment.response) if p.is_open] == []
