"""A step that reaches many waits for a manager; what falls due today does not; nobody hears of what was refused."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from followup.composing import compose_due
from followup.models import LargeStep
from followup.no_news import compose_no_news
from followup.steps import large_steps
from followup.steps.carrying_out import carry_out_steps
from followup.steps.sampling import samples
from followup.steps.stepping import Taken, take_correction, take_digest, take_done, take_tags
from outbox.freezing import freeze
from outbox.models import Message
from promises.models import Promise
from surveys.models import Round, Survey
from tests.browser import Colleague
from tests.cast import Cast, make_staff
from tests.desk import said, scored
from tests.followup.test_staff_preview import unlinked
from tests.loop import decided, promises_of, settled
from tests.pages import get
from triage.acting import Decision, decide
from triage.models import Action, Comment, Tag
from triage.tagging import send_now, undo

HOLD = timedelta(minutes=15)
MANY = 4


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_steps, "FLOOR", MANY)


def crowd(survey: Survey, now: datetime, n: int = MANY) -> list[Comment]:
    return [said(survey, now, f"Box {number}.", email=f"{number}@example.com") for number in range(n)]


def tagged(comments: list[Comment], action: Action, now: datetime) -> Taken:
    with writing():
        return take_tags(comments, action, None, HOLD, now.date(), now)


def told() -> list[str]:
    kinds = ("update", "digest", "correction")
    query = select(Message.recipient).where(Message.kind.in_(kinds))
    return list(db.session.scalars(query.order_by(Message.id)))


def step() -> LargeStep:
    return db.session.scalars(select(LargeStep)).one()


def approved(now: datetime) -> None:
    with writing():
        large_steps.approve(step(), now)
    carry_out_steps(now)


def refused(now: datetime, reason: str = "Not before the boxes are here.") -> None:
    with writing():
        large_steps.refuse(step(), reason, now)


def test_a_small_step_is_taken_at_once(survey: Survey, action: Action, now: datetime) -> None:
    taken = tagged(crowd(survey, now, MANY - 1), action, now)
    assert (taken.count, taken.step) == (MANY - 1, None)
    assert compose_due(now + HOLD) == MANY - 1


def test_where_nobody_asked_by_name_no_clock_is_named(
    alice: Colleague, people: Cast, survey: Survey, action: Action, now: datetime
) -> None:
    tagged(crowd(survey, now), action, now)
    mail = db.session.scalars(select(Message).where(Message.recipient == people.alice.email)).one()
    assert f"Somebody wants to write to {MANY} people at once." in mail.text
    assert "clock" not in mail.text
    page = get(alice, f"/large-steps/{step().id}")
    assert "waits for a manager by itself" in page.words


@pytest.mark.both_databases
def test_nobody_hears_of_a_large_step_before_it_is_approved_and_everybody_after(
    survey: Survey, action: Action, now: datetime
) -> None:
    taken = tagged(crowd(survey, now), action, now)
    assert taken.step
    assert (taken.count, taken.step.kind, taken.step.messages, taken.step.usual) == (MANY, "tags", MANY, 0)
    assert compose_due(now + timedelta(days=2)) == 0
    approved(now + timedelta(days=2))
    assert compose_due(now + timedelta(days=2)) == MANY
    assert sorted(told()) == [f"{n}@example.com" for n in range(MANY)]
    assert step().carried_at


def test_many_messages_a_day_make_a_step_usual(
    people: Cast, survey: Survey, action: Action, now: datetime
) -> None:
    with writing():
        for day, n in ((1, 2), (2, 2), (30, 9)):
            for number in range(n):
                freeze(people.webshop.id, "receipt", f"{day}-{number}@example.com", "S", "T", "<p>T</p>", "A", "en", now - timedelta(days=day))  # fmt: skip
    assert tagged(crowd(survey, now, 6), action, now).step is None, "three times a usual day is not more"
    assert tagged(crowd(survey, now, 7), action, now).step, "one more is"


def test_one_address_is_one_message_and_who_is_not_reached_is_none(
    survey: Survey, action: Action, now: datetime
) -> None:
    same = [said(survey, now, f"Box {n}.") for n in range(MANY)]
    silent = [said(survey, now, email=f"s{n}@example.com", wants="none") for n in range(MANY)]
    pages = [said(survey, now, email=f"p{n}@example.com", wants="page") for n in range(MANY)]
    assert tagged([*same, *silent, *pages], action, now).step is None


def test_what_falls_due_today_never_waits(survey: Survey, action: Action, now: datetime) -> None:
    comments = crowd(survey, now, MANY + 1)
    with writing():
        promises_of(comments[0].response)[0].due_at = now + timedelta(hours=3)
    taken = tagged(comments, action, now)
    assert taken.step
    assert taken.step.messages == MANY
    assert compose_due(now + HOLD) == 1
    assert told() == ["0@example.com"]


@pytest.mark.both_databases
def test_on_the_morning_of_the_promised_day_it_goes_whatever_was_decided(
    survey: Survey, action: Action, now: datetime
) -> None:
    comments = crowd(survey, now)
    tagged(comments, action, now)
    due_on = promises_of(comments[0].response)[0].due_on
    assert due_on
    before, morning = now + timedelta(days=6), now + timedelta(days=7)
    assert morning.date() == due_on
    assert compose_due(before) == 0
    assert compose_due(morning) == MANY
    assert compose_no_news(morning + timedelta(hours=5)) == 0
    assert not db.session.scalars(select(LargeStep).where(large_steps.waiting())).all(), (
        "nothing is left to decide"
    )


def test_refused_is_taken_back_with_the_reason_in_its_history(
    survey: Survey, action: Action, now: datetime
) -> None:
    comments = crowd(survey, now)
    tagged(comments, action, now)
    assert comments[0].state(now) == "held"
    refused(now)
    assert [c.state(now) for c in comments] == ["open"] * MANY
    line = db.session.scalars(select(Event).where(Event.verb == "comment.refused").limit(1)).one()
    assert line.detail == {"reason": "Not before the boxes are here."}
    carry_out_steps(now)
    assert compose_due(now + timedelta(days=3)) == 0


def test_it_is_decided_once_and_a_no_has_its_reason(survey: Survey, action: Action, now: datetime) -> None:
    tagged(crowd(survey, now), action, now)
    with pytest.raises(DomainError):
        refused(now, " ")
    approved(now)
    for again in (approved, refused):
        with pytest.raises(Conflict):
            again(now)


def test_its_hold_is_ended_by_nobody_else_and_each_tag_can_be_undone(
    survey: Survey, action: Action, now: datetime
) -> None:
    tags = tagged(crowd(survey, now), action, now).tags
    with pytest.raises(Conflict), writing():
        send_now(tags, now)
    with writing():
        for tag in tags[1:]:
            undo(tag, now)
    approved(now)
    compose_due(now)
    assert told() == ["0@example.com"]


def test_who_was_told_before_is_promised_a_word_only_once_it_is_approved(
    people: Cast, survey: Survey, action: Action, now: datetime
) -> None:
    comments = crowd(survey, now)
    with writing():
        for comment in comments:
            settled(comment.response, decided(people, now, "thanks"), now)
    compose_due(now)
    later = now + timedelta(hours=1)
    tagged(comments, action, later)
    owed = select(func.count(Promise.id)).where(Promise.is_open)
    assert db.session.scalar(owed) == 0, "nothing is promised that may be refused"
    approved(later)
    assert db.session.scalar(owed) == MANY
    assert compose_due(later) == 0, "one update a person a day"
    assert compose_due(later + timedelta(days=1)) == MANY


@pytest.mark.both_databases
def test_a_plan_that_is_done_stays_a_plan_until_a_manager_has_looked(
    people: Cast, survey: Survey, now: datetime
) -> None:
    plan = _told_plan(people, survey, now)
    with writing():
        assert take_done(plan, now.date(), None, now).step
    assert plan.kind == "planned"
    with pytest.raises(Conflict), writing():
        take_done(plan, now.date(), None, now)
    approved(now)
    assert (plan.kind, plan.done_on) == ("done", now.date())
    assert compose_due(now) == MANY
    assert carry_out_steps(now) == 0, "nobody twice"
    assert compose_due(now) == 0


def _told_plan(people: Cast, survey: Survey, now: datetime) -> Action:
    with writing():
        plan = decided(people, now, "planned")
    for comment in crowd(survey, now):
        with writing():
            settled(comment.response, plan, now)
    compose_due(now)
    return plan


RIGHT = Decision(
    "already", "Put right", 0, {"en": "The box was stronger already.", "nl": "De doos was al sterker."}
)


def put_right(people: Cast, wrong: Action, now: datetime) -> Action:
    """What holds now, decided and not told."""
    decision = Decision(RIGHT.kind, RIGHT.title, people.alice.id, RIGHT.public_note)
    return decide(wrong.organisation_id, decision, now.date(), now, corrects=wrong)


@pytest.mark.parametrize("yes", [True, False])
def test_a_correction_waits_and_the_wrong_words_hold_as_long(
    people: Cast, survey: Survey, now: datetime, yes: bool
) -> None:
    wrong = _told_plan(people, survey, now)
    with writing():
        taken = take_correction(wrong, put_right(people, wrong, now), None, now)
    assert taken.step
    assert wrong.withdrawn_at is None
    approved(now) if yes else refused(now)
    assert bool(wrong.withdrawn_at) is yes
    assert (taken.action is not None and taken.action.withdrawn_at is None) is yes
    assert compose_due(now) == (MANY if yes else 0)


@pytest.mark.both_databases
def test_a_digest_waits_with_its_words(survey: Survey, now: datetime) -> None:
    found = _scores(survey, now)
    with writing():
        assert take_digest(found, {"nl": "U zei: dozen."}, None, now).step
    assert found.approved_at is None
    with pytest.raises(Conflict), writing():
        take_digest(found, {"nl": "U zei: iets anders."}, None, now)
    assert compose_due(now) == 0
    approved(now)
    assert found.digest == {"nl": "U zei: dozen."}
    assert compose_due(now) == MANY


def _scores(survey: Survey, now: datetime) -> Round:
    for number in range(MANY):
        scored(survey, now, email=f"{number}@example.com")
    return db.session.scalars(select(Round)).one()


def test_a_digest_that_is_due_today_does_not_wait(survey: Survey, now: datetime) -> None:
    found = _scores(survey, now)
    with writing():
        for promise in db.session.scalars(select(Promise)):
            promise.due_at = now + timedelta(hours=2)
        assert take_digest(found, {"nl": "U zei: dozen."}, None, now).step is None
    assert found.approved_at == now


@pytest.mark.both_databases
def test_who_falls_due_today_reads_the_digest_that_waits_for_the_others(
    survey: Survey, now: datetime
) -> None:
    """It was approved once; a no-news would say that nothing came of it, while it lies ready."""
    today = [scored(survey, now, email=f"today{n}@example.com") for n in range(2)]
    found = _scores(survey, now)
    with writing():
        for promise in (p for response in today for p in promises_of(response)):
            promise.due_at = now + timedelta(hours=2)
        assert take_digest(found, {"nl": "U zei: dozen.", "en": "You said: boxes."}, None, now).step
    assert compose_due(now) == 2
    assert compose_no_news(now) == 0
    assert told() == ["today0@example.com", "today1@example.com"]
    approved(now)
    assert compose_due(now) == MANY
    assert len(set(told())) == MANY + 2


def test_a_refused_digest_reaches_nobody_else(survey: Survey, now: datetime) -> None:
    found = _scores(survey, now)
    with writing():
        take_digest(found, {"nl": "U zei: dozen."}, None, now)
    refused(now)
    with writing():
        for promise in db.session.scalars(select(Promise)):
            promise.due_at = now + timedelta(hours=2)
    assert compose_due(now) == 0


def test_the_samples_are_the_letters_themselves(
    people: Cast, survey: Survey, action: Action, now: datetime
) -> None:
    tagged(crowd(survey, now), action, now)
    shown = samples(step(), now)
    approved(now)
    compose_due(now)
    sent = {m.recipient: m for m in db.session.scalars(select(Message).where(Message.kind == "update"))}
    assert len(shown) == 3
    for one in shown:
        assert (one.subject, unlinked(one.text)) == (sent[one.to].subject, unlinked(sent[one.to].text))


@pytest.mark.parametrize("kind", ["done", "correction", "digest"])
def test_every_kind_has_samples(people: Cast, survey: Survey, now: datetime, kind: str) -> None:
    said_so = {
        "done": "Done on 23 November 2026",
        "correction": "What we told you before was not right.",
        "digest": "You said: boxes.",
    }
    if kind == "digest":
        found = _scores(survey, now)
        with writing():
            take_digest(found, {"nl": "U zei: dozen.", "en": "You said: boxes."}, None, now)
    else:
        plan = _told_plan(people, survey, now)
        with writing():
            if kind == "done":
                take_done(plan, now.date(), None, now)
            else:
                take_correction(plan, put_right(people, plan, now), None, now)
    shown = samples(step(), now)
    assert len(shown) == 3
    assert all(said_so[kind] in one.text for one in shown)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Tag.id)).where(Tag.told_at.is_(None))) == 0, (
        "a sample keeps nothing"
    )


@pytest.mark.both_databases
def test_every_other_manager_is_written_to_once_when_a_step_waits(
    people: Cast, survey: Survey, action: Action, now: datetime
) -> None:
    with writing():
        make_staff(people.webshop, "Dirk Dekker", "admin", now, language="nl")
    comments = crowd(survey, now)
    with writing():
        take_tags(comments, action, people.alice.id, HOLD, now.date(), now)
    (mail,) = db.session.scalars(select(Message).where(Message.kind == "alert"))
    assert (mail.recipient, mail.language) == ("dirk@webshop.example", "nl"), "Alice asked for it herself"
    assert mail.subject == "Wacht op u: “Stronger boxes”, aan 4 mensen"
    assert f"/large-steps/{step().id}" in mail.text


def test_a_small_step_writes_to_no_manager(survey: Survey, action: Action, now: datetime) -> None:
    tagged(crowd(survey, now, MANY - 1), action, now)
    assert not db.session.scalars(select(Message).where(Message.kind == "alert")).all()
