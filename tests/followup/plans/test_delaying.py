"""A plan that will be late is moved before its date passes; everyone who was told it hears so. A second time is for a manager."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.access import Role
from core.db import db, writing
from core.errors import Conflict, DomainError, Forbidden
from followup.composing import compose_due
from followup.corrections.correcting import tell_done
from followup.judging import Judgement, judge
from followup.models import Told
from followup.no_news import compose_moves, compose_no_news
from followup.plans.delaying import delay
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.moving import When, move
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, day, decided, promises_of, settled
from triage.models import Action

ZONE = "Europe/Amsterdam"
WHY = "The supplier is late."


@pytest.fixture
def hearers(survey: Survey, plan: Action, now: datetime) -> list[Response]:
    """Three people who were told the plan."""
    with writing():
        found = [answered(survey, now, email=f"{name}@example.com") for name in "abc"]
        for response in found:
            settled(response, plan, now)
    compose_due(now)
    return found


def delayed(plan: Action, to: str, now: datetime, role: Role = Role.agent, reason: str = WHY) -> int:
    with writing():
        told = delay(plan, day(to), {"en": reason}, role, now)
    compose_moves(now)
    return told


def mails(kind: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


@pytest.mark.both_databases
def test_everyone_who_was_told_the_old_date_hears_the_new_one_and_why(
    people: Cast, plan: Action, hearers: list[Response], now: datetime
) -> None:
    assert delayed(plan, "2026-12-04", now) == 3
    assert (plan.due_on, plan.moves) == (day("2026-12-04"), 1)
    for mail in mails("moved"):
        assert mail.subject == "A new date: you hear from Bob Bakker by Friday 4 December 2026"
        assert "will be done later than we told you.\nThe reason: The supplier is late." in mail.text
        assert "Planned for 4 December 2026, by Bob Bakker\nWe now use a stronger box." in mail.text
    assert len(mails("moved")) == 3
    assert compose_moves(now) == 0, "once"
    for response in hearers:
        _first, outcome, successor = promises_of(response)
        assert (outcome.kind, outcome.ended_as) == ("outcome", "moved")
        assert (successor.kind, successor.due_on, successor.moves, successor.who) == (
            "outcome",
            plan.due_on,
            1,
            people.bob,
        )
    assert ledger(Scope(people.webshop.id)).promised == 3


def test_each_reads_the_reason_in_their_own_language(
    people: Cast, survey: Survey, plan: Action, now: datetime
) -> None:
    with writing():
        for language in ("nl", "en", "de"):
            settled(answered(survey, now, email=f"{language}@example.com", language=language), plan, now)
    compose_due(now)
    with writing():
        delay(plan, day("2026-12-04"), {"nl": "Te laat.", "en": WHY}, Role.agent, now)
    compose_moves(now)
    read = {
        m.recipient[:2]: "Te laat." if "Te laat." in m.text else WHY
        for m in mails("moved")
        if WHY in m.text or "Te laat." in m.text
    }
    assert read == {"nl": "Te laat.", "en": WHY, "de": "Te laat."}


def test_the_first_date_they_read_stays_beside_the_new_one(
    plan: Action, hearers: list[Response], now: datetime
) -> None:
    delayed(plan, "2026-12-04", now)
    told = db.session.scalars(select(Told).order_by(Told.id)).all()
    assert [t.due_on for t in told] == [day("2026-11-30")] * 3 + [day("2026-12-04")] * 3
    assert {t.told_on for t in told} == {now.date()}


def test_a_second_time_is_for_a_manager_and_there_is_no_date_any_more(
    plan: Action, hearers: list[Response], now: datetime
) -> None:
    delayed(plan, "2026-12-04", now)
    later = now + timedelta(days=1)
    with pytest.raises(Forbidden, match="for a manager"):
        delayed(plan, "2026-12-11", later)
    assert plan.moves == 1
    assert delayed(plan, "2026-12-11", later, Role.manager) == 3
    assert (plan.dateless, plan.day, plan.due_on) == (True, None, day("2026-12-04"))
    mail = mails("moved")[-1]
    assert mail.subject == "No date yet; you hear from Bob Bakker by Friday 11 December 2026"
    assert "does not hold, and we do not have a new one yet." in mail.text
    assert "What: how it stands, also when there is no news yet" in mail.text
    assert "Planned for" not in mail.text
    assert [p.kind for p in promises_of(hearers[0])] == ["update", "outcome", "outcome", "update"]


def test_without_a_date_the_next_update_is_kept_by_an_honest_word(
    plan: Action, hearers: list[Response], now: datetime
) -> None:
    delayed(plan, "2026-12-04", now)
    delayed(plan, "2026-12-11", now, Role.manager)
    assert compose_no_news(now + timedelta(days=18, hours=4)) == 3
    assert mails("no_news")[-1].subject.startswith("No news yet")
    with pytest.raises(Conflict, match="no date any more"):
        delayed(plan, "2026-12-18", now, Role.manager)


def test_what_is_done_after_all_is_told_to_each(plan: Action, hearers: list[Response], now: datetime) -> None:
    delayed(plan, "2026-12-04", now)
    later = now + timedelta(days=10)
    with writing():
        assert tell_done(plan, later.date(), later) == 3
    assert compose_due(later) == 3
    assert all(not p.is_open for r in hearers for p in promises_of(r))


def test_a_nearer_word_that_is_owed_stays_owed(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        far = decided(people, now, "planned", due_on=day("2026-12-18"))
        response = answered(survey, now)
        settled(response, far, now)
    compose_due(now)
    with writing():
        judge(response, Judgement(False, None, "By when?", "n1"), now)
    assert delayed(far, "2027-01-15", now) == 1
    assert [p.ended_as for p in promises_of(response)] == ["told", "cancelled", "cancelled", "moved", None]
    last = promises_of(response)[-1]
    assert (last.kind, last.due_on) == ("update", day("2026-11-30")), "the answer to their no"
    assert "Planned for 15 January 2027" in mails("moved")[-1].text
    tomorrow = now + timedelta(days=1)
    with writing():
        settled(response, decided(people, tomorrow, "thanks"), tomorrow)
    compose_due(tomorrow)
    assert (promises_of(response)[-1].kind, promises_of(response)[-1].due_on) == (
        "outcome",
        day("2027-01-15"),
    )


def test_another_plan_that_is_due_earlier_keeps_its_date(
    people: Cast, survey: Survey, plan: Action, now: datetime
) -> None:
    with writing():
        other = decided(people, now, "planned", due_on=day("2026-12-02"))
        response = answered(survey, now)
        settled(response, plan, now)
        settled(response, other, now)
    compose_due(now)
    delayed(plan, "2026-12-11", now)
    assert promises_of(response)[-1].due_on == day("2026-12-02")


def test_who_asked_for_no_word_gets_none(plan: Action, hearers: list[Response], now: datetime) -> None:
    with writing():
        hearers[0].declined_at = now
    assert delayed(plan, "2026-12-04", now) == 2


@pytest.mark.parametrize(("to", "reason", "sentence"), [
    ("2026-11-30", WHY, "not later than the date that was promised"),
    ("2026-11-27", WHY, "not later"),
    ("2026-12-04", "  ", "Give the reason"),
])  # fmt: skip
def test_a_move_has_a_later_date_and_a_reason(
    plan: Action, now: datetime, to: str, reason: str, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        delayed(plan, to, now, reason=reason)
    assert plan.moves == 0


def test_after_its_date_it_is_too_late(plan: Action, hearers: list[Response], now: datetime) -> None:
    with pytest.raises(Conflict, match="fell due before now"):
        delayed(plan, "2026-12-11", now + timedelta(days=8))
    assert mails("moved") == []


def test_only_a_plan_that_stands_has_a_date(people: Cast, plan: Action, now: datetime) -> None:
    with writing():
        done = decided(people, now)
        plan.withdrawn_at = now
    with pytest.raises(Conflict, match="Only a plan"):
        delayed(done, "2026-12-11", now)
    with pytest.raises(Conflict, match="withdrawn"):
        delayed(plan, "2026-12-11", now)


def test_the_promise_of_one_person_is_moved_with_its_plan_only(
    plan: Action, hearers: list[Response], now: datetime
) -> None:
    with pytest.raises(Conflict, match="belongs to a plan"), writing():
        move(promises_of(hearers[0])[-1], When.by(day("2026-12-11"), ZONE), WHY, Role.manager, now)
