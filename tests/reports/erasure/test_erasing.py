"""Erasing a person: their words are in no table, no file and no line of the log; what is counted stays as it was."""

import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from core import tombstones
from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from customers.models import Customer, Identity
from customers.models_erasure import Erasure
from followup.alerts.alerting_writing import alert_staff
from followup.composing import compose_due
from followup.invitations.check_back import compose_check_backs
from followup.no_news import compose_no_news
from followup.receipts import compose_receipts
from followup.sweeping import sweep
from outbox import claiming, settling, suppressing
from outbox.freezing import freeze
from outbox.incoming.receiving import receive
from outbox.letters import Outcome
from outbox.models import Attempt, Message, Suppression
from promises import standing
from promises.ledger import Scope, ledger
from promises.models import Promise, Update
from reports import making
from reports.asking import ask
from reports.erasure.erasing import erase
from reports.erasure.erasing_jobs import finish_erasures
from reports.erasure.models import ReportRevision
from reports.erasure.revising import revise
from reports.jobs import render_due
from reports.models import Report
from reports.period import period
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from tests.cast import Cast
from tests.loop import answered as rita_answers
from tests.loop import promises_of
from tests.outbox.post import send, states
from tests.reports.erased import MAIL, answered, canaries, in_files, index_segments, played, reply_to, totals
from triage import indexing
from triage.commenting import comments_of
from triage.models_index import CommentIndex
from triage.writing import overruling

WHY = "They asked for it by telephone."


def erased(customer: Customer, now: datetime, reason: str = WHY) -> Erasure:
    with writing():
        return erase(customer, reason, now)


@pytest.mark.both_databases
def test_no_word_stays_in_any_table_file_or_log_and_what_is_counted_does(
    people: Cast, survey: Survey, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        customer = played(people, survey, now)
        before, held = totals(), ledger(Scope(people.webshop.id))
        erased(customer, now + timedelta(minutes=5))
        assert canaries() == index_segments()
        finish_erasures(now + timedelta(minutes=6))
        render_due(now + timedelta(minutes=7))
    assert canaries() == set()
    assert in_files() == []
    assert "canary" not in caplog.text.casefold()
    kept = ledger(Scope(people.webshop.id))
    assert totals() == before
    assert (kept.responses, kept.adds_up) == (held.responses, True)


def test_the_canary_was_in_the_files_before(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        rita_answers(survey, now, "The canary was torn.")
    assert in_files() != []


@pytest.mark.both_databases
def test_whoever_comes_between_claim_and_data_is_sent_nothing_and_the_outcome_is_named(
    people: Cast, survey: Survey, now: datetime
) -> None:
    answered(survey, now)
    compose_receipts(now)
    with writing():
        (letter,) = claiming.claim("a sender", now)
    erased(_canary(), now)
    with writing():
        assert not settling.mark("a sender", letter, now)
        claiming.release("a sender")
    assert states() == {"suppressed": 1}
    assert list(db.session.scalars(select(Attempt.outcome))) == ["suppressed"]
    assert send(now) == 0


@pytest.mark.both_databases
def test_what_a_server_was_being_given_is_finished_by_a_tick_with_its_words(
    people: Cast, survey: Survey, now: datetime
) -> None:
    answered(survey, now)
    compose_receipts(now)
    with writing():
        (letter,) = claiming.claim("a sender", now)
        assert settling.mark("a sender", letter, now)
    row = erased(_canary(), now)
    finish_erasures(now)
    assert (row.under_way, row.finished_at, row.swept_at) == ([letter.id], None, None)
    with writing():
        reply = Outcome("sent", 250, f"fine, <{MAIL}>")
        settling.settle("a sender", "a server", [settling.Settlement(letter, reply)], now)
    assert canaries() >= {"message", "attempt"}
    later = now + timedelta(minutes=1)
    finish_erasures(later)
    assert canaries() == set()
    assert (states(), row.finished_at, row.swept_at) == ({"sent": 1}, later, later)


@pytest.mark.both_databases
def test_nothing_happens_to_them_any_more_and_nothing_is_owed(
    people: Cast, survey: Survey, now: datetime
) -> None:
    played(people, survey, now)
    erased(_canary(), now)
    for days in (0, 1, 7, 40):
        later = now + timedelta(days=days)
        compose_receipts(later), compose_due(later), compose_no_news(later), compose_check_backs(later)
        alert_staff(later), sweep(later), finish_erasures(later), send(later)
    assert canaries() == set()
    assert db.session.scalar(select(func.count(Promise.id)).where(Promise.is_open)) == 0
    assert db.session.scalar(select(func.count(CommentIndex.comment_id))) == 0
    assert list(indexing.astray()) == []


def test_the_marks_stay_as_counts_that_lead_to_nobody(people: Cast, survey: Survey, now: datetime) -> None:
    played(people, survey, now)
    row = erased(_canary(), now)
    response = db.session.scalars(select(Response)).one()
    assert (response.score, response.submitted_at, response.erased_at) == (1, now, now)
    assert (response.customer_id, response.identity_id, response.channel) == (None, None, "mail")
    assert set(db.session.scalars(select(Answer.text))) == {None}
    assert set(db.session.scalars(select(Message.recipient_key).where(Message.kind != "alert"))) == {""}
    assert (row.answers, row.reason, row.asked_by) == (1, WHY, "clock")
    assert standing.of(response) == standing.Standing("unreachable", "erased")


@pytest.mark.both_databases
def test_nobody_else_loses_a_word(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        rita = rita_answers(survey, now)
    answered(survey, now)
    compose_receipts(now)
    erased(_canary(), now)
    db.session.rollback()
    assert [a.text for a in rita.answers if a.text] == ["The box was torn."]
    assert db.session.get_one(Customer, people.rita.id).name == "Rita Ritsema"
    assert states() == {"queued": 1, "suppressed": 1}
    waiting = db.session.scalars(select(Message).where(Message.state == "queued")).one()
    assert (waiting.recipient, bool(waiting.text)) == ("rita@example.com", True)


def test_the_address_is_blocked_by_a_keyed_hash_and_who_answers_anew_is_somebody_new(
    people: Cast, survey: Survey, now: datetime
) -> None:
    answered(survey, now)
    gone = _canary()
    erased(gone, now)
    assert suppressing.suppression(people.webshop.id, MAIL).reason == "erased"  # type: ignore[union-attr]
    again = answered(survey, now + timedelta(days=1))
    assert again.customer_id not in {None, gone.id}
    compose_receipts(now + timedelta(days=1))
    assert states() == {"suppressed": 1}


def test_mail_that_comes_in_later_is_not_kept_and_blocks_nobody(
    people: Cast, survey: Survey, now: datetime
) -> None:
    answered(survey, now)
    compose_receipts(now)
    send(now)
    message = db.session.scalars(select(Message)).one()
    erased(_canary(), now)
    with writing():
        found = receive(reply_to(message, "Canaryreply."), now)
    finish_erasures(now)
    assert (found["kind"], found["matched"], canaries()) == ("reply", True, set())
    assert db.session.scalar(select(func.count(Suppression.id))) == 2, (
        "their mail address and their number, once each"
    )


def test_a_report_that_quotes_them_is_made_again_with_the_same_figures(
    people: Cast, survey: Survey, now: datetime
) -> None:
    played(people, survey, now)
    report = db.session.scalars(select(Report)).one()
    before, figures = report.sha256, dict(report.figures or {})
    erased(_canary(), now + timedelta(hours=1))
    db.session.rollback()
    assert (report.state, report.pdf, report.revision) == ("queued", None, 2)
    render_due(now + timedelta(hours=1))
    db.session.rollback()
    assert report.state == "ready"
    assert report.sha256 != before
    assert {**(report.figures or {}), "verbatims": None} == {**figures, "verbatims": None}
    kept = db.session.scalars(select(ReportRevision)).one()
    assert (kept.number, kept.sha256, kept.reason) == (1, before, "erased")


def test_a_report_that_is_being_drawn_meanwhile_is_not_kept(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        answered_id = rita_answers(survey, now).id
        report = ask(survey, now.date(), now.date(), "en", "Alice", now)
        report.state = "rendering"
    with writing():
        revise(people.webshop.id, [answered_id], now)
    making._keep(report.id, 1, making.gather(period(survey, now.date(), now.date(), now), "en"), b"%PDF", now)
    db.session.rollback()
    assert (report.state, report.pdf, report.revision) == ("queued", None, 2)


def test_a_reason_stays_so_it_says_why_and_not_who(people: Cast, now: datetime) -> None:
    for reason, sentence in (
        ("", "Say why"),
        (" \n ", "Say why"),
        ("Rita Ritsema asked for it", "Leave their name"),
        ("Asked by RITA@example.com.", "Leave their name"),
    ):
        with pytest.raises(DomainError, match=sentence):
            erased(people.rita, now, reason)
    assert people.rita.erased_at is None
    assert not tombstones.file().exists()


def test_nobody_is_erased_twice(people: Cast, now: datetime) -> None:
    erased(people.rita, now)
    with pytest.raises(Conflict, match="erased already"):
        erased(people.rita, now)


def test_where_the_list_cannot_be_written_nobody_is_erased(people: Cast, now: datetime) -> None:
    tombstones.file().mkdir()
    with pytest.raises(DomainError, match=r"erased\.jsonl cannot be written"):
        erased(people.rita, now)
    assert db.session.get_one(Customer, people.rita.id).name == "Rita Ritsema"


def test_a_person_with_many_answers_is_erased_at_once(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        for minute in range(120):
            rita_answers(survey, now + timedelta(minutes=minute))
    row = erased(people.rita, now + timedelta(days=1))
    assert (row.answers, db.session.scalar(select(func.count(Identity.id)))) == (120, 0)
    assert set(db.session.scalars(select(Answer.text))) == {None}


@pytest.mark.both_databases
def test_a_word_that_another_clock_was_composing_is_forgotten_too(
    people: Cast, survey: Survey, now: datetime
) -> None:
    """It had read the address before, and wrote after: nothing is sent, and its words go a moment later."""
    response = answered(survey, now)
    (promise,) = promises_of(response)
    erased(_canary(), now)
    with writing():
        late = freeze(people.webshop.id, "update", MAIL, "Canary", "Canary", "Canary", "Alice", "en", now)
        db.session.add(Update(
            organisation_id=people.webshop.id, promise_id=promise.id, kind="ending", how="done", channel="mail", message_id=late.id,
            message_key=late.key, words="Canary", composed_at=now,
        ))  # fmt: skip
    assert send(now) == 0
    finish_erasures(now + timedelta(minutes=1))
    assert canaries() == set()


def test_why_a_colleague_kept_words_is_forgotten_and_that_they_did_is_not(
    people: Cast, survey: Survey, now: datetime
) -> None:
    (comment,) = comments_of(answered(survey, now))
    with writing():
        overruling.record(comment, "Canaryname likes it so.", now)
    erased(_canary(), now)
    assert "event" not in canaries()
    kept = db.session.scalars(select(Event.detail).where(Event.verb == overruling.VERB)).all()
    assert kept == [{}]


def test_an_error_of_the_database_says_nothing_of_what_people_wrote(people: Cast) -> None:
    with pytest.raises(IntegrityError) as error, writing():
        db.session.execute(
            text("INSERT INTO customer (id, name) VALUES (:id, :name)"), {"id": 1, "name": "Canary"}
        )
    assert "Canary" not in str(error.value)


def _canary() -> Customer:
    return db.session.scalars(select(Customer).where(Customer.name.contains("Canaryname"))).one()
