"""What is past its time: no word of it is in any table, file or line of the log, and what is counted stays as it was."""

import logging
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from accounts.models import StaffSession
from core import clock, forgotten, keeping
from core.db import db, writing
from core.models_keeping import Forgetting
from core.settings import settings
from customers.models import Customer, Identity
from followup.composing import compose_due
from followup.receipts import compose_receipts
from followup.rewards.models import Pool, RewardCode
from followup.sweeping import sweep
from outbox.incoming.models import IncomingMessage
from outbox.models import Attempt, Message, MessageBody
from outbox.suppressing import suppression
from promises.ledger import Scope, ledger
from promises.models import Update
from reports.erasure.erasing_jobs import finish_erasures
from reports.jobs import render_due
from reports.models import Report
from reports.retention.forgetting import Pace, counted, forget
from reports.retention.forgetting_again import forget_again
from reports.retention.keeping import own_row
from reports.retention.keeping_jobs import forget_past_time
from surveys.invitations.models import Invitation
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from tests.cast import Cast, added
from tests.inviting import invited
from tests.loop import answered as rita_answers
from tests.loop import decided, settled
from tests.outbox.post import send
from tests.reports.erased import MAIL, answered, canaries, in_files, index_segments, played, totals
from triage.indexing import astray

YEAR = timedelta(days=365)
DAY = timedelta(days=1)
LATER = 6 * YEAR
"""Everything that is kept for some time is past it then, but for answers without a person."""


def told(people: Cast, survey: Survey, now: datetime, **values: object) -> Response:
    """Somebody answered, something was done about it, and they heard of it."""
    with writing():
        response = rita_answers(survey, now, **values)  # type: ignore[arg-type]
        settled(response, decided(people, now), now)
    compose_receipts(now)
    compose_due(now + timedelta(minutes=1))
    send(now + timedelta(minutes=1))
    db.session.refresh(response)
    return response


def all_may_go(people: Cast) -> None:
    """Managers were told long ago."""
    with writing():
        for place in (people.webshop, people.housing):
            own_row(place.id).begins = dict.fromkeys(keeping.CATEGORIES, "2026-01-01")


def test_no_word_stays_in_any_table_file_or_log_and_what_is_counted_does(
    people: Cast, survey: Survey, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    played(people, survey, now)
    _close_what_is_open(now)
    number, figures = _report()
    before, held = totals(), ledger(Scope(people.webshop.id))
    all_may_go(people)
    with caplog.at_level(logging.DEBUG):
        assert forget_past_time(now + LATER) > 0
        assert canaries() <= index_segments()
        render_due(now + LATER)
        finish_erasures(now + LATER)
    assert canaries() == set()
    assert in_files() == []
    assert "canary" not in caplog.text.casefold()
    kept = ledger(Scope(people.webshop.id))
    assert totals() == before
    assert (kept.responses, kept.adds_up) == (held.responses, True)
    report = db.session.scalars(select(Report)).one()
    assert (report.state, report.pdf, report.sha256) == ("ready", None, number), "it is past its time as well"
    assert _report() == (number, figures)


def _report() -> tuple[str | None, dict[str, object]]:
    """Its number, and its figures without the quotes."""
    report = db.session.scalars(select(Report)).one()
    return report.sha256, {**(report.figures or {}), "verbatims": None}


def _close_what_is_open(now: datetime) -> None:
    """The test is about time: nothing is owed any more, and the list that nobody confirmed is gone."""
    from promises.ending import end
    from promises.models import Promise
    from surveys.jobs import send_invitations
    from surveys.partial.unfinished import forget_old

    with writing():
        for promise in db.session.scalars(select(Promise).where(Promise.is_open)).all():
            end(promise, "cancelled", now)
        forget_old(now + YEAR)
        db.session.execute(update(Message).where(Message.state == "queued").values(state="cancelled"))
        db.session.execute(update(IncomingMessage).values(handled_at=now))
    send_invitations(now + 2 * DAY)
    with writing():
        db.session.execute(update(Message).where(Message.state == "queued").values(state="cancelled"))


@pytest.mark.both_databases
def test_an_answer_becomes_nobodys_and_that_they_were_told_stays_told(
    people: Cast, survey: Survey, now: datetime
) -> None:
    response = told(people, survey, now)
    before, all_then = ledger(Scope(people.webshop.id)), totals()
    all_may_go(people)
    forget_past_time(now + 2 * YEAR + DAY)
    db.session.rollback()
    assert (response.customer_id, response.identity_id, response.past_time) == (None, None, True)
    assert (response.score, response.submitted_at, response.survey_id) == (2, now, survey.id)
    assert set(db.session.scalars(select(Answer.text))) == {None}
    assert not response.is_erased
    after = ledger(Scope(people.webshop.id))
    assert (
        (after.told, after.told_how, after.adds_up)
        == (before.told, before.told_how, True)
        == (1, {"done": 1}, True)
    )
    assert totals() == all_then
    update_of = db.session.scalars(select(Update).where(Update.kind == "ending")).one()
    message = db.session.get_one(Message, update_of.message_id)
    assert (update_of.how, update_of.words, message.state, message.text) == ("done", "", "sent", "")
    assert (message.recipient, message.recipient_key, bool(message.sent_at)) == ("", "", True)
    assert list(db.session.scalars(select(Attempt.outcome))) == ["sent"] * 2
    assert list(astray()) == []


def test_a_day_before_its_time_nothing_is_touched(people: Cast, survey: Survey, now: datetime) -> None:
    response = told(people, survey, now)
    all_may_go(people)
    forget_past_time(now + 2 * YEAR - DAY)
    db.session.rollback()
    assert (response.customer_id, response.erased_at) == (people.rita.id, None)
    assert "The box was torn." in set(db.session.scalars(select(Answer.text)))


@pytest.mark.both_databases
def test_what_a_running_promise_needs_is_kept_however_old_it_is(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = rita_answers(survey, now)
    compose_receipts(now)
    send(now)
    all_may_go(people)
    forget_past_time(now + LATER)
    db.session.rollback()
    assert response.customer_id == people.rita.id
    assert db.session.scalars(select(MessageBody.text)).one() != ""
    assert db.session.scalars(select(Identity.value)).all() == ["rita@example.com"]


def test_the_time_begins_when_the_last_word_was_said(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = rita_answers(survey, now - YEAR)
        settled(response, decided(people, now), now)
    compose_receipts(now), compose_due(now), send(now)
    all_may_go(people)
    forget_past_time(now + YEAR + 2 * DAY)
    db.session.rollback()
    assert response.erased_at is None
    forget_past_time(now + 2 * YEAR + 2 * DAY)
    db.session.rollback()
    assert response.past_time


def test_a_message_about_two_answers_keeps_its_words_until_both_are_past_their_time(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        old = rita_answers(survey, now, "An old word.")
        young = rita_answers(survey, now, "A young word.")
        for response in (old, young):
            settled(response, decided(people, now), now)
    compose_due(now), send(now)
    with writing():
        db.session.execute(update(Response).where(Response.id == young.id).values(received_at=now + DAY))
        own_row(people.webshop.id).days = {"messages": None}
    all_may_go(people)
    forget_past_time(now + 2 * YEAR + timedelta(hours=1))
    db.session.rollback()
    assert (old.past_time, young.past_time) == (True, False)
    carried = db.session.scalars(select(Message).where(Message.kind == "update")).all()
    assert [m.recipient for m in carried] == ["rita@example.com"]
    forget_past_time(now + 2 * YEAR + 2 * DAY)
    db.session.expire_all()
    assert [m.recipient for m in carried] == [""]


def test_whoever_answers_again_keeps_their_name_and_loses_only_what_is_old(
    people: Cast, survey: Survey, now: datetime
) -> None:
    old = told(people, survey, now)
    young = told(people, survey, now + YEAR)
    all_may_go(people)
    forget_past_time(now + 2 * YEAR + DAY)
    db.session.rollback()
    assert (old.customer_id, young.customer_id) == (None, people.rita.id)
    assert db.session.get_one(Customer, people.rita.id).name == "Rita Ritsema"
    assert [a.text for a in young.answers if a.text] == ["The box was torn."]


@pytest.mark.both_databases
def test_whom_nothing_leads_to_any_more_loses_name_and_address_and_may_be_asked_again(
    people: Cast, survey: Survey, now: datetime
) -> None:
    told(people, survey, now)
    all_may_go(people)
    forget_past_time(now + 2 * YEAR + DAY)
    db.session.rollback()
    gone = db.session.get_one(Customer, people.rita.id)
    assert (gone.name, bool(gone.erased_at)) == ("", True)
    assert list(db.session.scalars(select(Identity.value))) == []
    assert suppression(people.webshop.id, "rita@example.com") is None
    with writing():
        again = rita_answers(survey, now + 3 * YEAR)
    assert again.customer_id not in {None, people.rita.id}


@pytest.mark.both_databases
def test_who_was_asked_and_never_answered_goes_and_that_somebody_was_asked_stays(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        invitation = invited(survey, now)
    all_may_go(people)
    forget_past_time(now + YEAR - DAY)
    assert list(db.session.scalars(select(Identity.value))) != []
    forget_past_time(now + YEAR + DAY)
    db.session.rollback()
    assert invitation.identity_id is None
    assert (invitation.written_at, invitation.link_version) == (now, 2)
    assert db.session.scalars(select(Message.recipient)).all() == [""]
    assert list(db.session.scalars(select(Identity.value))) == []


def test_a_code_that_was_given_says_of_no_two_answers_that_one_person_gave_them(
    people: Cast, survey: Survey, now: datetime
) -> None:
    response = told(people, survey, now)
    with writing():
        pool = added(Pool(
            organisation_id=people.webshop.id, survey_id=survey.id, what={"en": "A coffee"}, rule="all", low_at=0, since=now
        ))  # fmt: skip
        code = added(
            RewardCode(
                pool_id=pool.id, code="A", response_id=response.id, person=f"c{people.rita.id}", given_at=now
            )
        )
    all_may_go(people)
    forget_past_time(now + 2 * YEAR + DAY)
    db.session.rollback()
    assert (code.person, code.given_at) == (f"r{response.id}", now)


def test_sign_ins_go_after_their_time_and_nobody_is_signed_out(people: Cast, now: datetime) -> None:
    with writing():
        for age in (0, 100):
            added(StaffSession(staff_id=people.alice.id, key_hash=str(age), created_at=now - age * DAY))
    assert forget_past_time(now) == 1
    assert db.session.scalars(select(StaffSession.key_hash)).all() == ["0"]


def test_each_organisation_has_periods_of_its_own(people: Cast, now: datetime) -> None:
    with writing():
        for staff in (people.alice, people.charlie):
            added(StaffSession(staff_id=staff.id, key_hash=staff.name, created_at=now - 40 * DAY))
        own_row(people.housing.id).days = {"sign_ins": 30}
    forget_past_time(now)
    assert db.session.scalars(select(StaffSession.key_hash)).all() == ["Alice Adams"]


def test_what_is_kept_without_end_is_never_looked_for(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        rita_answers(survey, now, email="")
        own_row(people.webshop.id).days = dict.fromkeys(keeping.CATEGORIES, None)
    all_may_go(people)
    assert forget_past_time(now + 90 * YEAR) == 0


def test_it_is_night_and_once(people: Cast, survey: Survey, now: datetime) -> None:
    told(people, survey, now)
    all_may_go(people)
    day = clock.local_date(now + LATER, people.webshop.timezone)
    before, after = (clock.at(day, datetime.min.time().replace(hour=h), "Europe/Amsterdam") for h in (2, 4))
    assert forget_past_time(before) == 0
    assert forget_past_time(after) > 0
    told(people, survey, now)
    assert forget_past_time(after + timedelta(hours=1)) == 0
    assert forget_past_time(after + DAY) > 0


@pytest.mark.both_databases
def test_killed_between_two_slices_the_next_turn_goes_on_and_counts_each_once(
    people: Cast, survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing():
        for minute in range(25):
            settled(rita_answers(survey, now + timedelta(minutes=minute)), decided(people, now), now)
    compose_due(now + DAY), send(now + DAY)
    until = now + 2 * YEAR
    monkeypatch.setattr(Pace, "took", _killed)
    with pytest.raises(KeyboardInterrupt):
        forget(people.webshop.id, "answers", until, now + LATER)
    assert _past() == 20
    monkeypatch.undo()
    assert forget(people.webshop.id, "answers", until, now + LATER) == 5
    row = db.session.scalars(select(Forgetting)).one()
    assert (_past(), row.n, bool(row.finished_at)) == (25, 25, True)


def _killed(_pace: Pace, _took: int, _done: int) -> None:
    raise KeyboardInterrupt


def _past() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Response.id)).where(Response.past_time)) or 0


def test_how_much_would_go_is_said_as_it_will_be(people: Cast, survey: Survey, now: datetime) -> None:
    told(people, survey, now)
    with writing():
        invited(survey, now, "silent@example.com")
    all_may_go(people)
    then = now + 2 * YEAR + DAY
    said = counted(people.webshop.id, then, keeping.kept(people.webshop.id))
    forget_past_time(then)
    went = Counter({row.category: row.n for row in db.session.scalars(select(Forgetting))})
    assert (said["answers"], said["messages"], said["technical"]) == (1, 3, 2)
    assert went["answers"] == 1
    assert said["invitations"] == 1, "whom nothing leads to any more is found when the rest has gone"


@pytest.mark.both_databases
def test_a_copy_that_was_restored_forgets_again_without_waiting_for_anybody(
    people: Cast, survey: Survey, now: datetime
) -> None:
    response = told(people, survey, now)
    forgotten.note(people.webshop.id, "answers", now + YEAR)
    assert forget_again(now + YEAR) == 1
    db.session.rollback()
    assert response.past_time
    assert forget_again(now + YEAR) == 0


def test_what_the_list_says_of_others_and_half_a_line_are_passed_over(people: Cast, now: datetime) -> None:
    forgotten.note(999, "answers", now)
    forgotten.note(people.webshop.id, "nothing we know", now)
    file = settings().folder / forgotten.NAME
    with file.open("ab") as held:
        held.write(
            b'{"organisation_id": 1, "cat\n[]\n1\n\xff\xfe\n{"organisation_id": 1, "category": "answers", "until": "soon"}\n'
        )
    assert forget_again(now) == 0
    assert set(forgotten.noted()) == {(999, "answers"), (people.webshop.id, "nothing we know")}
    assert file.stat().st_mode & 0o777 == 0o600


def test_nothing_comes_of_it_later(people: Cast, survey: Survey, now: datetime) -> None:
    told(people, survey, now)
    all_may_go(people)
    forget_past_time(now + LATER)
    for days in (0, 1, 40):
        later = now + LATER + days * DAY
        compose_receipts(later), compose_due(later), sweep(later), forget_past_time(later)
    found = ledger(Scope(people.webshop.id))
    assert (found.told, found.adds_up) == (1, True)


def test_the_answer_of_the_erased_stays_apart(people: Cast, survey: Survey, now: datetime) -> None:
    """Who asked to be forgotten is not counted as told: that was so before, and stays so."""
    from reports.erasure.erasing import erase

    answered(survey, now)
    gone = db.session.scalars(select(Customer).where(Customer.name.contains("Canaryname"))).one()
    with writing():
        erase(gone, "They asked for it.", now)
    all_may_go(people)
    forget_past_time(now + LATER)
    response = db.session.scalars(select(Response)).one()
    assert (response.is_erased, ledger(Scope(people.webshop.id)).unreachable) == (True, {"erased": 1})
    assert suppression(people.webshop.id, MAIL)
    assert db.session.scalar(select(func.count(Invitation.id))) == 0
