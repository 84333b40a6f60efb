"""Every date counts back from the day of loading: whatever that day is, the stories hold."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from demo import digests as monthly
from demo.answers import answers
from demo.courses import Course, answered_on, course
from demo.days import Days, at, evening, is_working, local_day, next_working
from demo.deeds import deeds
from demo.desk import desk
from demo.passers_by import passer_by
from demo.post import bounces
from demo.reading import Script
from demo.stage import Stage
from demo.texts import Deed, Remark
from demo.verdicts import heard_on, verdicts
from outbox.addresses import is_reserved

DAYS = [
    date(2026, 11, 23), date(2026, 12, 1), date(2026, 12, 26), date(2027, 1, 1), date(2027, 2, 28), date(2027, 3, 29),
    date(2027, 5, 31), date(2027, 6, 6), date(2028, 2, 29), date(2028, 3, 1), date(2028, 10, 29), date(2028, 12, 31),
]  # fmt: skip
"""Ordinary days, and the first, last and odd ones: Christmas, Easter Monday, the leap day, the end of summer time."""

each_day = pytest.mark.parametrize("today", DAYS, ids=str)


def waiting(text: Script) -> set[str]:
    return {key for keys in text.inbox.values() for key in keys}


def deed_of(text: Script, key: str) -> Deed:
    return next(d for d in text.deeds if d.key == key)


def lives(text: Script, today: date, kind: str) -> list[Course]:
    keys = {s.action for s in text.story if s.kind == kind}
    return [course(deed_of(text, key), text, Days(today)) for key in sorted(keys)]


@each_day
def test_promises_end_as_their_story_says(text: Script, today: date) -> None:
    assert all(life.due == life.done for life in lives(text, today, "kept"))
    assert all(life.due and life.done and life.done < life.due for life in lives(text, today, "early"))
    assert all(life.due and life.done and life.due < life.done for life in lives(text, today, "broken"))
    assert all(life.due and life.due > today for life in lives(text, today, "open"))


@each_day
def test_a_date_is_moved_before_it_passes_and_kept_then(text: Script, today: date) -> None:
    for life in lives(text, today, "moved"):
        assert life.move
        assert life.done
        assert life.made < life.move.on < life.move.first < life.done <= life.move.later


@each_day
def test_nobody_hears_a_date_that_has_gone(text: Script, today: date) -> None:
    for remark in text.remarks:
        life = course(deed_of(text, remark.action), text, Days(today))
        day = answered_on(remark, deed_of(text, remark.action), text, Days(today))
        due = life.due_on(day)
        assert life.is_done(day) or due is None or due > day


@each_day
def test_everybody_is_answered_on_a_working_day_after_they_wrote_and_before_today(
    text: Script, today: date
) -> None:
    for remark in (r for r in text.remarks if r.key not in waiting(text)):
        day = answered_on(remark, deed_of(text, remark.action), text, Days(today))
        assert Days(today).ago(remark.days_ago) < day < today
        assert is_working(day)


@each_day
def test_a_digest_says_only_what_is_so_on_its_day(text: Script, today: date) -> None:
    for digest in text.digest:
        day = monthly._day(Stage(text, Days(today)), digest)
        life = course(deed_of(text, digest.action), text, Days(today))
        due = life.due_on(day)
        assert day < today
        assert life.made <= day
        assert "{done_on}" not in digest.nl or (life.done and life.done <= day)
        assert "{due_on}" not in digest.nl or (due and due > day)


@each_day
def test_a_correction_comes_after_what_it_corrects_was_told(text: Script, today: date) -> None:
    stage = Stage(text, Days(today))
    for story in (s for s in text.story if s.kind == "correction"):
        corrected = stage.days.working(story.corrected_days_ago)
        assert all(heard_on(stage, stage.remark(key))[1] < corrected for key in story.comments)


@each_day
def test_a_verdict_comes_after_what_it_is_about(text: Script, today: date) -> None:
    stage = Stage(text, Days(today))
    for key in text.verdicts["clear"] + text.verdicts["solved"]:
        first, last = heard_on(stage, stage.remark(key))
        assert first <= last < today


@each_day
def test_events_have_an_order_and_most_are_past(app: Flask, text: Script, today: date) -> None:
    stage = Stage(text, Days(today))
    events = [
        event for act in (answers, deeds, desk, verdicts, bounces, monthly.digests) for event in act(stage)
    ]
    assert len(events) > 600
    assert {e.kind for e in events} == {"answer", "deed", "tags", "aside"}
    assert all(e.at.tzinfo == UTC for e in events)
    assert min(e.at for e in events) > at(today - timedelta(days=400), time.min)
    assert max(e.at for e in events) < at(today + timedelta(days=10), time.min)


def test_the_same_day_gives_the_same_passers_by(text: Script) -> None:
    one, other = ([e.at for e in answers(Stage(text, Days(DAYS[0])))] for _ in range(2))
    assert one == other


def test_passers_by_have_reserved_addresses_without_accents() -> None:
    import random

    people = [passer_by(language, random.Random(n)) for n in range(60) for language in ("nl", "en")]
    assert all(is_reserved(p.email) and p.email.isascii() and p.name for p in people)
    assert len({p.email for p in people}) > 100
    assert {p.language for p in people} == {"nl", "en"}


def test_days_count_back_from_the_local_day() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert Days.until(late).today == date(2026, 11, 24)
    assert Days.until(late).ago(1) == date(2026, 11, 23)


def test_staff_work_on_working_days_and_move_back_to_one() -> None:
    days = Days(date(2026, 11, 23))
    assert days.working(0) == date(2026, 11, 23)
    assert days.working(1) == date(2026, 11, 20)
    assert days.working(-1) == date(2026, 11, 24)


def test_working_days_keep_the_order_of_days() -> None:
    days = Days(date(2027, 1, 4))
    working = [days.working(n) for n in range(40)]
    assert working == sorted(working, reverse=True)


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 1)),
        (date(2026, 11, 23), 11, date(2025, 12, 1)),
        (date(2026, 1, 31), 1, date(2025, 12, 1)),
        (date(2028, 2, 29), 12, date(2027, 2, 1)),
    ],
)
def test_months_count_back_over_the_year(today: date, months: int, first: date) -> None:
    assert Days(today).month(months) == first


def test_the_next_working_day_skips_christmas_and_the_weekend() -> None:
    assert next_working(date(2026, 12, 24)) == date(2026, 12, 28)
    assert next_working(date(2026, 12, 25), 0) == date(2026, 12, 28)
    assert next_working(date(2026, 12, 23), 0) == date(2026, 12, 23)


def test_evenings_are_local_in_summer_and_winter() -> None:
    assert evening(date(2026, 7, 1), 30) == datetime(2026, 7, 1, 17, 0, tzinfo=UTC)
    assert evening(date(2026, 12, 1), 0) == datetime(2026, 12, 1, 17, 30, tzinfo=UTC)
    assert local_day(evening(date(2026, 12, 1), 200)) == date(2026, 12, 1)


def test_who_is_urgent_is_answered_first(text: Script) -> None:
    def remark(key: str, emotion: str) -> Remark:
        return Remark(
            key, "bestelling", "nl", 200, time(9), 3, emotion, [], "saturday-phone", "mail", "woorden"
        )

    deed, days = deed_of(text, "saturday-phone"), Days(DAYS[0])
    urgent = {answered_on(remark(f"k{n}", "angry"), deed, text, days) for n in range(20)}
    calm = {answered_on(remark(f"k{n}", "neutral"), deed, text, days) for n in range(20)}
    assert len(urgent) == 1
    assert min(calm) == urgent.pop() < max(calm)
