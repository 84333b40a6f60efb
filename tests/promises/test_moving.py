"""A date that will be missed is moved before it passes, once; a second time is for a manager."""

from datetime import datetime, timedelta

import pytest

from core.access import Role
from core.db import writing
from core.errors import Conflict, DomainError, Forbidden
from promises.models import Promise
from promises.moving import When, move
from tests.cast import Cast
from tests.loop import answered, day, opened_survey, promises_of

ZONE = "Europe/Amsterdam"


@pytest.fixture
def promise(people: Cast, now: datetime) -> Promise:
    with writing():
        response = answered(opened_survey(people, now), now)
    return promises_of(response)[0]


def moved(
    promise: Promise, to: str, now: datetime, role: Role = Role.agent, reason: str = "The supplier is late."
) -> Promise:
    with writing():
        return move(promise, When.by(day(to), ZONE), reason, role, now)


def test_a_move_ends_the_promise_and_opens_its_successor(promise: Promise, now: datetime) -> None:
    successor = moved(promise, "2026-12-04", now)
    assert (promise.ended_as, successor.predecessor_id, successor.moves) == ("moved", promise.id, 1)
    assert (successor.due_on, successor.reason) == (day("2026-12-04"), "The supplier is late.")


def test_a_second_move_needs_a_manager_and_becomes_the_next_update(promise: Promise, now: datetime) -> None:
    first = moved(promise, "2026-12-04", now)
    with pytest.raises(Forbidden, match="for a manager"):
        moved(first, "2026-12-11", now)
    second = moved(first, "2026-12-11", now, role=Role.manager)
    assert (second.moves, second.kind) == (2, "update")


def test_it_is_too_late_after_the_date(promise: Promise, now: datetime) -> None:
    with pytest.raises(Conflict, match="fell due before now"):
        moved(promise, "2026-12-11", now + timedelta(days=8))
    assert promise.ended_at is None


def test_an_earlier_date_is_no_move(promise: Promise, now: datetime) -> None:
    with pytest.raises(DomainError, match="not later"):
        moved(promise, "2026-11-27", now)


def test_a_move_without_a_reason_is_refused(promise: Promise, now: datetime) -> None:
    with pytest.raises(DomainError, match="reason"):
        moved(promise, "2026-12-04", now, reason="  ")


def test_what_has_ended_is_not_moved(promise: Promise, now: datetime) -> None:
    moved(promise, "2026-12-04", now)
    with pytest.raises(Conflict, match="ended already"):
        moved(promise, "2026-12-11", now)


REASONS = {"nl": "De leverancier is laat.", "en": "The supplier is late."}


@pytest.mark.parametrize(
    ("language", "reasons", "read"),
    [
        ("en", REASONS, "The supplier is late."),
        ("nl", REASONS, "De leverancier is laat."),
        ("de", REASONS, "De leverancier is laat."),
        ("de", {**REASONS, "de": "Der Lieferant ist spät."}, "Der Lieferant ist spät."),
        ("nl", {"nl": "  ", "en": "The supplier is late."}, "The supplier is late."),
        ("nl", "Zo is het.", "Zo is het."),
    ],
)
def test_the_respondent_reads_the_reason_in_their_own_language(
    promise: Promise, now: datetime, language: str, reasons: str | dict[str, str], read: str
) -> None:
    """Where nobody wrote it: in the survey's, which is Dutch, else in any there is."""
    with writing():
        promise.response.language = language
        successor = move(promise, When.by(day("2026-12-04"), ZONE), reasons, Role.agent, now)
    assert successor.reason == read


def test_reasons_without_a_word_are_none(promise: Promise, now: datetime) -> None:
    with pytest.raises(DomainError, match="reason"), writing():
        move(promise, When.by(day("2026-12-04"), ZONE), {"nl": " ", "en": ""}, Role.agent, now)
