"""Making, changing and ending a schedule of reports, and who reads it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from accounts.models import Membership
from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from reports.schedules import readers, scheduling
from reports.schedules.models import Delivery, Reader, Run, Schedule
from reports.schedules.scheduling import MOST_READERS, MOST_SCHEDULES
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import survey
from tests.each import each
from tests.hostile import ADDRESSES

__all__ = ["survey"]
BOARD = "board@example.com"


def made(people: Cast, now: datetime, mails: tuple[str, ...] = (BOARD,), **values: object) -> Schedule:
    asked = {"survey": None, "every": "month", "language": "nl", **values}
    with writing():
        return scheduling.make(people.webshop, **asked, mails=mails, by_id=people.alice.id, now=now)  # type: ignore[arg-type]


def on_the_list(schedule: Schedule) -> dict[str, str]:
    """address → why they get nothing"""
    db.session.expire_all()
    return {one.mail: one.why for one in readers.standings(schedule)}


def test_it_begins_on_the_local_day_on_which_it_was_made(people: Cast, now: datetime) -> None:
    late = now.replace(hour=23, minute=30)
    schedule = made(people, late)
    assert schedule.begins_on == date(2026, 11, 24)
    assert (schedule.made_by, schedule.ended_at) == (people.alice, None)


def test_each_address_is_one_reader_however_it_is_typed(people: Cast, now: datetime) -> None:
    schedule = made(people, now, (BOARD, " Board@Example.com ", "owner@example.com"))
    assert list(on_the_list(schedule)) == ["Board@Example.com", "owner@example.com"]


def test_a_colleague_is_known_by_their_address(people: Cast, now: datetime) -> None:
    schedule = made(people, now, ("BOB@webshop.example", BOARD))
    assert [one.name for one in readers.standings(schedule)] == ["Bob Bakker", ""]


@pytest.mark.security("another tenant")
def test_a_colleague_of_another_organisation_is_just_an_address(people: Cast, now: datetime) -> None:
    schedule = made(people, now, (people.charlie.email,))
    (reader,) = schedule.readers
    assert reader.staff_id is None


@pytest.mark.parametrize("mails", [(), ("",), ("  ", "\t")])
def test_somebody_has_to_read_it(people: Cast, now: datetime, mails: tuple[str, ...]) -> None:
    with pytest.raises(DomainError, match="somebody who reads it"):
        made(people, now, mails)


@each("mail", [*ADDRESSES, "board", "@example.com", "a@b@example.com", "a b@example.com", "x" * 65 + "@example.com", "a@example.com\nBcc: b@example.com"])  # fmt: skip
def test_what_is_no_address_is_refused_by_name(people: Cast, now: datetime, mail: str) -> None:
    from outbox.addresses import one_address

    if not mail.strip() or one_address(mail):
        pytest.skip("nothing, or an address after all")
    with pytest.raises(DomainError, match="is not a mail address"):
        made(people, now, (BOARD, mail))
    assert not db.session.scalar(select(Schedule.id))


def test_at_most_twenty_read_one(people: Cast, now: datetime) -> None:
    mails = tuple(f"p{n}@example.com" for n in range(MOST_READERS + 1))
    assert len(made(people, now, mails[:-1]).readers) == MOST_READERS
    with pytest.raises(DomainError, match="At most 20 people can get one report; these are 21"):
        made(people, now, mails)


def test_at_most_fifty_run_in_one_organisation_and_an_ended_one_makes_room(
    people: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_SCHEDULES == 50
    monkeypatch.setattr(scheduling, "MOST_SCHEDULES", 2)
    first, _second = made(people, now), made(people, now)
    with pytest.raises(DomainError, match="There are 2 schedules already"):
        made(people, now)
    with writing():
        scheduling.end(first, now)
    assert made(people, now).id


@pytest.mark.parametrize("every", ["", "day", "year", "MONTH"])
def test_another_rhythm_is_refused(people: Cast, now: datetime, every: str) -> None:
    with pytest.raises(DomainError, match="Choose how often"):
        made(people, now, every=every)


def test_a_change_takes_off_and_puts_on(people: Cast, now: datetime) -> None:
    schedule = made(people, now, (BOARD, "bob@webshop.example"))
    with writing():
        scheduling.change(schedule, "en", ["owner@example.com", BOARD], now)
    assert list(on_the_list(schedule)) == [BOARD, "owner@example.com"]
    assert schedule.language == "en"


def test_who_was_taken_off_can_come_back(people: Cast, now: datetime) -> None:
    schedule = made(people, now, (BOARD, "bob@webshop.example"))
    for mails in (["bob@webshop.example"], [BOARD, "bob@webshop.example"]):
        with writing():
            scheduling.change(schedule, "nl", mails, now)
    assert on_the_list(schedule) == {BOARD: "", "bob@webshop.example": ""}
    assert len(schedule.readers) == 2


def test_who_asked_for_no_more_stays_without_whatever_is_typed(people: Cast, now: datetime) -> None:
    schedule = made(people, now, (BOARD, "owner@example.com"))
    with writing():
        scheduling.stop(schedule.readers[0], now)
        scheduling.change(schedule, "nl", [BOARD, "owner@example.com"], now)
    assert on_the_list(schedule)[BOARD] == "stopped"
    with writing():
        scheduling.change(schedule, "nl", ["owner@example.com"], now)
    with pytest.raises(DomainError, match="asked for no more of this report"), writing():
        scheduling.change(schedule, "nl", [BOARD], now)


def test_said_twice_it_was_said_the_first_time(people: Cast, now: datetime) -> None:
    (reader,) = made(people, now).readers
    for moment in (now, now + timedelta(days=1)):
        with writing():
            scheduling.stop(reader, moment)
    assert reader.stopped_at == now
    assert len(events("report_reader.stopped")) == 1


def test_who_left_gets_no_more_and_cannot_be_put_on(people: Cast, now: datetime) -> None:
    schedule = made(people, now, ("bob@webshop.example", BOARD))
    leave(people.bob.id, now)
    assert on_the_list(schedule) == {"bob@webshop.example": "left", BOARD: ""}
    with pytest.raises(DomainError, match="Bob Bakker does not work here any more"):
        made(people, now, ("bob@webshop.example",))


def test_who_comes_back_gets_it_again(people: Cast, now: datetime) -> None:
    schedule = made(people, now, ("bob@webshop.example",))
    leave(people.bob.id, now)
    leave(people.bob.id, None)
    assert on_the_list(schedule) == {"bob@webshop.example": ""}


def test_a_colleague_is_written_to_where_they_read_mail_now(people: Cast, now: datetime) -> None:
    schedule = made(people, now, ("bob@webshop.example",))
    with writing():
        people.bob.email = "bakker@webshop.example"
    assert list(on_the_list(schedule)) == ["bakker@webshop.example"]


def test_an_account_that_was_closed_gets_none(people: Cast, now: datetime) -> None:
    schedule = made(people, now, ("bob@webshop.example",))
    with writing():
        people.bob.active = False
    assert on_the_list(schedule) == {"bob@webshop.example": "left"}


def test_taking_somebody_off_closes_what_they_were_sent(people: Cast, now: datetime) -> None:
    schedule = made(people, now, (BOARD, "owner@example.com"))
    sent = [delivered(schedule, reader, now) for reader in schedule.readers]
    with writing():
        scheduling.change(schedule, "nl", ["owner@example.com"], now)
    db.session.expire_all()
    assert [one.link_version for one in sent] == [2, 1]
    with writing():
        scheduling.change(schedule, "nl", ["owner@example.com"], now)
    db.session.expire_all()
    assert [one.link_version for one in sent] == [2, 1]


def test_what_was_ended_is_neither_changed_nor_ended_again(people: Cast, now: datetime) -> None:
    schedule = made(people, now)
    with writing():
        scheduling.end(schedule, now)
    with pytest.raises(Conflict, match="ended already"), writing():
        scheduling.end(schedule, now)
    with pytest.raises(Conflict, match="ended already"), writing():
        scheduling.change(schedule, "nl", [BOARD], now)
    assert schedule.ended_at == now


def test_what_was_done_stands_in_the_history(people: Cast, survey: Survey, now: datetime) -> None:
    schedule = made(people, now, survey=survey)
    with writing():
        scheduling.change(schedule, "en", [BOARD], now)
        scheduling.end(schedule, now)
    assert [e.verb for e in events("report_schedule.")] == [f"report_schedule.{v}" for v in ("made", "changed", "ended")]  # fmt: skip
    assert BOARD not in str([e.detail for e in events("report_schedule.")])


def leave(staff_id: int, at: datetime | None) -> None:
    with writing():
        db.session.scalars(select(Membership).where(Membership.staff_id == staff_id)).one().left_at = at


def delivered(schedule: Schedule, reader: Reader, now: datetime) -> Delivery:
    here = {"organisation_id": schedule.organisation_id}
    with writing():
        run = db.session.scalar(select(Run)) or Run(
            **here, schedule_id=schedule.id, first_day=now.date(), last_day=now.date(), asked_at=now
        )
        db.session.add(run)
        db.session.flush()
        sent = Delivery(**here, reader_id=reader.id, run_id=run.id, address=reader.mail, at=now)
        db.session.add(sent)
    return sent


def events(verb: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.verb.startswith(verb)).order_by(Event.id)))
