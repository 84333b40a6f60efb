"""Where a survey wants it, nobody is told words that no manager has read; and nobody waits in silence meanwhile."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict, DomainError
from followup.alerts.alerting import danger
from followup.alerts.alerting_writing import alert_staff
from followup.beside import Wish
from followup.composing import compose_due
from followup.models import LargeStep
from followup.no_news import compose_no_news
from followup.person.writing_to_one import write_to
from followup.receipts import compose_receipts
from followup.steps.approving import refuse_added
from followup.steps.carrying_out import carry_out_steps
from followup.steps.large_steps import approve, refuse
from followup.steps.stepping import Taken, take_tags
from followup.steps.writing_again import again
from outbox.models import Message
from promises.ledger import Scope, ledger
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey, promises_of
from triage.acting import Decision, add_words
from triage.commenting import comments_of
from triage.models import Action, Comment, Tag
from triage.tagging import send_now, undo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    """One that wants managers to read words first."""
    with writing():
        made = opened_survey(people, now)
        made.approves_words = True
    return made


@pytest.fixture
def response(survey: Survey, now: datetime) -> Response:
    with writing():
        made = answered(survey, now)
    compose_receipts(now)
    return made


def says(
    people: Cast, comments: Sequence[Comment], now: datetime, action: Action | None = None, *, manager: bool = False
) -> Taken:  # fmt: skip
    """Somebody says what was done about these comments."""
    by = people.alice if manager else people.bob
    with writing():
        choice = action or decided(people, now)
        return take_tags(comments, choice, by.id, HOUR, now.date(), now, may_approve=manager)


def mails(*kinds: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind.in_(kinds)).order_by(Message.id)))


def the_step() -> LargeStep:
    return db.session.scalars(select(LargeStep).order_by(LargeStep.id.desc())).first() or LargeStep()


@pytest.mark.both_databases
def test_an_agents_words_wait_until_a_manager_approves_them(
    people: Cast, response: Response, now: datetime
) -> None:
    taken = says(people, comments_of(response), now)
    assert taken.step
    assert (taken.step.kind, taken.step.because, taken.count) == ("tags", "words", 1)
    for hours in (2, 30):
        assert compose_due(now + hours * HOUR) == 0
    with writing():
        approve(the_step(), now + HOUR, people.alice.id)
    assert compose_due(now + HOUR) == 1
    assert "We now use a stronger box." in mails("update")[0].text


def test_a_manager_tells_at_once_and_so_does_everybody_in_other_surveys(
    people: Cast, survey: Survey, response: Response, now: datetime
) -> None:
    assert says(people, comments_of(response), now, manager=True).step is None
    with writing():
        survey.approves_words = False
        other = answered(survey, now, email="rob@example.com")
    assert says(people, comments_of(other), now).step is None
    assert compose_due(now + HOUR) == 2


@pytest.mark.both_databases
def test_what_falls_due_meanwhile_is_told_that_there_is_no_news_and_never_the_words(
    people: Cast, response: Response, now: datetime
) -> None:
    says(people, comments_of(response), now)
    (promise,) = promises_of(response)
    for moment in (promise.due_at - 2 * HOUR, promise.due_at):
        carry_out_steps(moment)
        compose_due(moment)
        compose_no_news(moment)
    assert [m.kind for m in mails("update", "no_news")] == ["no_news"]
    assert "stronger box" not in mails("no_news")[0].text
    assert promises_of(response)[-1].is_open
    later = promise.due_at + HOUR
    with writing():
        approve(the_step(), later, people.alice.id)
    carry_out_steps(later)
    assert compose_due(later + DAY) == 1
    assert ledger(Scope(people.webshop.id)).adds_up


def test_a_promise_that_only_waits_for_a_manager_is_in_danger(
    people: Cast, survey: Survey, response: Response, now: datetime
) -> None:
    says(people, comments_of(response), now)
    (promise,) = promises_of(response)
    assert danger(people.webshop, promise.due_at.date(), promise.due_at).due == 1
    with writing():
        approve(the_step(), now, people.alice.id)
    assert danger(people.webshop, promise.due_at.date(), promise.due_at).due == 0


def test_nobody_ends_its_hold_by_hand_but_it_can_be_undone(
    people: Cast, response: Response, now: datetime
) -> None:
    (tag,) = says(people, comments_of(response), now).tags
    with pytest.raises(Conflict, match="A manager looks at this first"), writing():
        send_now([db.session.get_one(Tag, tag.id)], now)
    with writing():
        undo(db.session.get_one(Tag, tag.id), now)
    assert comments_of(response)[0].state(now) == "open"


def test_sent_back_the_comment_needs_a_person_and_the_words_are_kept(
    people: Cast, response: Response, now: datetime
) -> None:
    taken = says(people, comments_of(response), now)
    with writing():
        refuse(the_step(), "Say by when.", now + HOUR)
    assert taken.action
    assert taken.action.withdrawn_at, "nobody finds these words in the list"
    assert comments_of(response)[0].state(now + HOUR) == "open"
    kept = again(the_step())
    assert kept
    fields = dict(kept.fields)
    assert (fields["choice"], fields["kind"], fields["note_en"]) == (
        "new",
        "done",
        "We now use a stronger box.",
    )
    assert (kept.comment_id, the_step().reason) == (comments_of(response)[0].id, "Say by when.")
    assert compose_due(now + 2 * HOUR) == 0


def test_words_that_were_approved_once_need_not_be_read_again(
    people: Cast, survey: Survey, response: Response, now: datetime
) -> None:
    action = says(people, comments_of(response), now).action
    with writing():
        approve(the_step(), now, people.alice.id)
        other = answered(survey, now, email="rob@example.com")
    assert says(people, comments_of(other), now, action).step is None


def test_words_in_another_language_are_read_again(
    people: Cast, survey: Survey, response: Response, now: datetime
) -> None:
    action = says(people, comments_of(response), now, manager=True).action
    assert action
    with writing():
        add_words(action, {"de": "Wir nehmen eine stärkere Schachtel."}, now)
        other = answered(survey, now, email="rob@example.com")
    with pytest.raises(DomainError, match="Leave out what you added"):
        refuse_added(action, {"de": "Wir nehmen eine stärkere Schachtel."})
    assert says(people, comments_of(other), now, action).step


def test_a_sentence_of_ones_own_waits_though_the_action_was_approved(
    people: Cast, survey: Survey, response: Response, now: datetime
) -> None:
    action = says(people, comments_of(response), now, manager=True).action
    assert action
    with writing():
        other = comments_of(answered(survey, now, email="rob@example.com"))
        taken = take_tags(other, action, people.bob.id, HOUR, now.date(), now, own_words=[other[0].id])
    assert taken.step
    with writing():
        refuse(the_step(), "Too long.", now)
    assert action.withdrawn_at is None, "others were told it"


def test_a_message_to_one_person_waits_too(people: Cast, response: Response, now: datetime) -> None:
    words = Decision("done", "Message", people.bob.id, {"en": "Dear Rita, it is mended."})
    with writing():
        taken = write_to(comments_of(response)[0], words, people.bob.id, Wish(), HOUR, now.date(), now)
    assert taken.step
    assert compose_due(now + 2 * HOUR) == 0
    with writing():
        refuse(the_step(), "Warmer.", now)
    kept = again(the_step())
    assert kept
    assert dict(kept.fields)["note_en"] == "Dear Rita, it is mended."


def test_of_many_those_of_other_surveys_need_not_wait(
    people: Cast, survey: Survey, response: Response, now: datetime
) -> None:
    with writing():
        free = answered(opened_survey(people, now, "other"), now, email="rob@example.com")
    taken = says(people, [*comments_of(response), *comments_of(free)], now)
    assert taken.count == 2
    assert [t.awaits_manager for t in sorted(taken.tags, key=lambda t: t.comment_id)] == [True, False]
    assert compose_due(now + HOUR) == 1


def test_managers_hear_of_it_at_once_and_not_in_heaps_and_again_when_it_comes_again(
    people: Cast, response: Response, now: datetime
) -> None:
    says(people, comments_of(response), now)
    assert [alert_staff(now + minutes * timedelta(minutes=1)) for minutes in (1, 2, 30)] == [1, 0, 0]
    (mail,) = mails("alert")
    assert (mail.recipient, mail.subject) == ("alice@webshop.example", "1 answer waits for your approval")
    assert "Read the words, and decide: http://127.0.0.1:8000/large-steps" in mail.text
    with writing():
        refuse(the_step(), "Say by when.", now + HOUR)
    says(people, comments_of(response), now + HOUR)
    assert alert_staff(now + 2 * HOUR) == 1
