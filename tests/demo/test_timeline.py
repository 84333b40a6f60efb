"""The time line plays events in their order, and between them the ticks that a clock would have run."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from core.db import db, writing
from core.models import Event as Line
from demo import timeline
from demo.days import HOLD
from demo.timeline import SOON, Event, days, play

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Diary:
    """What happened, in the order in which it did."""

    def __init__(self) -> None:
        self.lines: list[tuple[datetime, str]] = []

    def event(self, kind: str, at: datetime, name: str) -> Event:
        return Event(at, kind, lambda now: self.lines.append((now, name)))

    def tick(self, name: str, moved: int = 1) -> Callable[[datetime], int]:
        def work(now: datetime) -> int:
            self.lines.append((now, name))
            return moved

        return work

    @property
    def names(self) -> list[str]:
        return [name for _at, name in self.lines]


@pytest.fixture
def diary(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Diary:
    diary = Diary()
    ticks = {
        kind: (after, (diary.tick(f"{kind} tick"),)) for kind, (after, old) in timeline.STIRS.items() if old
    }
    monkeypatch.setattr(timeline, "STIRS", {**ticks, "aside": (timedelta(), ())})
    return diary


def run(diary: Diary, events: list[Event], until: datetime = START + timedelta(days=60)) -> None:
    play(
        events,
        until,
        diary.tick("deliver"),
        lambda month: diary.lines.append((START, f"month {month.month}")),
    )


def test_events_happen_in_the_order_of_their_moments(diary: Diary) -> None:
    run(diary, [diary.event("aside", START + HOUR, "second"), diary.event("aside", START, "first")])
    assert diary.names == ["month 3", "first", "second"]


def test_events_of_one_moment_keep_the_order_in_which_they_were_told(diary: Diary) -> None:
    run(diary, [diary.event("aside", START, name) for name in "abc"])
    assert diary.names == ["month 3", "a", "b", "c"]


def test_an_answer_is_followed_by_its_receipt_within_seconds(diary: Diary) -> None:
    run(diary, [diary.event("answer", START, "answer")])
    assert diary.lines[1:] == [(START, "answer"), (START + SOON, "answer tick"), (START + SOON, "deliver")]


def test_tags_are_told_after_the_hold_and_not_before(diary: Diary) -> None:
    between = diary.event("aside", START + HOLD, "still held")
    run(diary, [diary.event("tags", START, "tags"), between])
    assert diary.names == ["month 3", "tags", "still held", "tags tick", "deliver"]


def test_what_is_due_twice_in_one_moment_is_done_once(diary: Diary) -> None:
    run(diary, [diary.event("tags", START, "one"), diary.event("tags", START, "two")])
    assert diary.names == ["month 3", "one", "two", "tags tick", "deliver"]


def test_what_is_aside_wakes_no_tick(diary: Diary) -> None:
    run(diary, [diary.event("aside", START, "label")])
    assert diary.names == ["month 3", "label"]


def test_nothing_is_delivered_where_nothing_was_composed(
    diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "STIRS", {"answer": (SOON, (diary.tick("nothing", moved=0),))})
    run(diary, [diary.event("answer", START, "answer")])
    assert diary.names == ["month 3", "answer", "nothing"]


def test_what_lies_after_the_end_does_not_happen(diary: Diary) -> None:
    run(
        diary,
        [diary.event("answer", START, "now"), diary.event("answer", START + HOUR, "later")],
        until=START + HOUR,
    )
    assert diary.names == ["month 3", "now", "answer tick", "deliver"]


def test_a_tick_that_is_due_after_the_end_is_left_to_the_clock(diary: Diary) -> None:
    run(diary, [diary.event("tags", START, "tags")], until=START + HOLD)
    assert diary.names == ["month 3", "tags"]


def test_each_month_is_told_once(diary: Diary) -> None:
    run(diary, [diary.event("aside", START + timedelta(days=n), str(n)) for n in (0, 1, 40, 41)])
    assert [name for name in diary.names if name.startswith("month")] == ["month 3", "month 4"]


def test_months_begin_on_the_local_clock(diary: Diary) -> None:
    run(diary, [diary.event("aside", datetime(2026, 3, 31, 22, 30, tzinfo=UTC), "half past midnight")])
    assert diary.names[0] == "month 4"


def test_events_write_and_are_committed(diary: Diary, people: object) -> None:
    line = {
        "organisation_id": 1,
        "actor": "a test",
        "verb": "happened",
        "subject_type": "test",
        "subject_id": 1,
    }
    run(diary, [Event(START, "aside", lambda now: db.session.add(Line(at=now, **line)))])
    db.session.rollback()
    assert db.session.query(Line).filter_by(verb="happened").count() == 1


def test_an_event_that_fails_leaves_nothing_half_done(diary: Diary, people: object) -> None:
    def fail(now: datetime) -> None:
        db.session.add(
            Line(organisation_id=1, at=now, actor="a test", verb="failed", subject_type="test", subject_id=1)
        )
        db.session.flush()
        raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        run(diary, [Event(START, "aside", fail)])
    assert db.session.query(Line).filter_by(verb="failed").count() == 0


def test_events_happen_inside_writing(diary: Diary) -> None:
    def nest(_now: datetime) -> None:
        with writing():
            raise AssertionError("never reached")

    with pytest.raises(RuntimeError, match="does not nest"):
        run(diary, [Event(START, "aside", nest)])


def test_days_are_working_days_at_the_hour_of_no_news() -> None:
    found = list(days(date(2026, 12, 24), date(2026, 12, 29)))
    assert [e.at for e in found] == [datetime(2026, 12, day, 13, 1, tzinfo=UTC) for day in (24, 28, 29)]
    assert {e.kind for e in found} == {"day"}


def test_on_a_day_without_a_promise_the_ticks_are_spared(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "compose_due", lambda _now: 7)
    assert timeline._last_word(START) == 0


@pytest.mark.parametrize("hours", [11, -3])
def test_on_the_day_of_a_promise_everything_due_is_told(
    app: Flask, people: object, now: datetime, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.loop import answered, opened_survey

    with writing():
        answered(opened_survey(people, now), now)  # type: ignore[arg-type]
    from promises.models import Promise

    promise = db.session.scalars(db.select(Promise)).one()
    monkeypatch.setattr(timeline, "compose_due", lambda _now: 7)
    monkeypatch.setattr(timeline, "compose_no_news", lambda _now: 5)
    assert timeline._last_word(promise.due_at - timedelta(hours=hours)) == 12
