"""An action says what, who, when and the words: each kind has what it needs, and nothing impossible is written down."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from core.errors import DomainError
from tests.cast import Cast
from tests.loop import decided
from triage.acting import Decision, decide, finish, problems
from triage.models import KINDS, Action
from triage.wording import dated

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
WHOLE = Decision("done", "Stronger boxes", 1, {"en": "We now use a stronger box."})
NEEDS = {
    "done": {}, "already": {}, "thanks": {},
    "planned": {"due_on": "Planned for when? Give the date."},
    "wont_do": {"reason": "A “no” needs its reason: the respondent reads it."},
}  # fmt: skip
both = pytest.mark.both_databases
pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize("kind", KINDS)
def test_what_each_kind_needs_besides(kind: str) -> None:
    assert problems(replace(WHOLE, kind=kind), TODAY) == NEEDS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_with_all_it_needs_nothing_is_wrong(kind: str) -> None:
    assert problems(replace(WHOLE, kind=kind, due_on=TODAY, reason="It costs too much."), TODAY) == {}


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u2003"])
def test_blanks_are_no_words(blank: str) -> None:
    wrong = problems(
        replace(WHOLE, kind="wont_do", title=blank, public_note={"en": blank, "nl": ""}, reason=blank), TODAY
    )
    assert set(wrong) == {"title", "public_note", "reason"}


@pytest.mark.parametrize(("days", "wrong"), [(-1, True), (0, False), (1, False), (5000, False)])
def test_a_plan_lies_ahead(days: int, wrong: bool) -> None:
    assert ("due_on" in problems(replace(WHOLE, kind="planned", due_on=TODAY + days * DAY), TODAY)) is wrong
    assert problems(replace(WHOLE, due_on=TODAY + days * DAY), TODAY) == {}, (
        "it is only a plan that has a day to come"
    )


@pytest.mark.parametrize(("days", "wrong"), [(-5000, False), (0, False), (1, True)])
def test_what_is_done_lies_behind(days: int, wrong: bool) -> None:
    assert ("done_on" in problems(replace(WHOLE, done_on=TODAY + days * DAY), TODAY)) is wrong


@both
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_kept_with_what_belongs_to_it(people: Cast, now: datetime, kind: str) -> None:
    with writing():
        action = decided(people, now, kind, words={"en": "  It is so. \n", "nl": "   "})
    assert action.public_note == {"en": "It is so."}
    assert action.done_on == (now.date() if kind == "done" else None)
    assert (action.due_on is not None) == (kind == "planned")
    assert bool(action.reason) == (kind == "wont_do")


def test_a_refused_one_leaves_nothing(people: Cast, now: datetime) -> None:
    with pytest.raises(DomainError, match="Say in a few words"), writing():
        decide(people.webshop.id, replace(WHOLE, title="", owner_id=people.bob.id), TODAY, now)
    assert db.session.query(Action).count() == 0


@both
@pytest.mark.parametrize("without", [("done", "done_on"), ("planned", "due_on")])
def test_the_database_itself_wants_a_day(people: Cast, now: datetime, without: tuple[str, str]) -> None:
    with writing():
        action = decided(people, now, without[0])
    with pytest.raises(IntegrityError), writing():
        db.session.execute(update(Action).where(Action.id == action.id).values({without[1]: None}))


@both
def test_the_database_itself_wants_a_reason_and_a_kind(people: Cast, now: datetime) -> None:
    with writing():
        action = decided(people, now, "wont_do")
    for values in ({"reason": ""}, {"kind": "perhaps"}):
        with pytest.raises(IntegrityError), writing():
            db.session.execute(update(Action).where(Action.id == action.id).values(values))


def test_a_plan_is_finished_once(people: Cast, now: datetime) -> None:
    with writing():
        action = decided(people, now, "planned")
        finish(action, now.date() + 3 * DAY, now + 3 * DAY)
    assert (action.kind, action.done_on, action.due_on) == (
        "done",
        now.date() + 3 * DAY,
        now.date() + 7 * DAY,
    )
    with pytest.raises(DomainError, match="Only a planned action"), writing():
        finish(action, now.date(), now)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"planned"}))
def test_what_was_not_planned_is_not_finished(people: Cast, now: datetime, kind: str) -> None:
    with writing():
        action = decided(people, now, kind)
    with pytest.raises(DomainError, match="Only a planned action"), writing():
        finish(action, now.date(), now)


def test_a_correction_names_what_it_puts_right(people: Cast, now: datetime) -> None:
    with writing():
        wrong = decided(people, now)
        right = decide(
            people.webshop.id, replace(WHOLE, owner_id=people.bob.id), now.date(), now, corrects=wrong
        )
        db.session.flush()
    assert right.corrects_id == wrong.id


@pytest.mark.parametrize(
    ("language", "read"),
    [("en", "by 4 December 2026, not 3 March 2026"), ("nl", "by 4 december 2026, not 3 maart 2026")],
)
def test_dates_in_the_words_are_the_readers(language: str, read: str) -> None:
    action = Action(due_on=date(2026, 12, 4), done_on=date(2026, 3, 3))
    assert dated("by {due_on}, not {done_on}", action, language) == read


@pytest.mark.security("template injection")
@given(st.text(st.sampled_from("{}%$()_.[]0:!r due_on")))
def test_no_other_braces_mean_anything(words: str) -> None:
    """Words of staff are no template, whatever they look like."""
    action = Action(due_on=None, done_on=None)
    assert dated(words, action, "en") == words.replace("{due_on}", "").replace("{done_on}", "")


@pytest.mark.security("template injection")
@pytest.mark.parametrize(
    "words",
    [
        "{{7*7}}",
        "{0.__class__}",
        "{action.owner}",
        "%(due_on)s",
        "${due_on}",
        "{due_on.__class__}",
        "{% if 1 %}",
        "{due_on!r}",
    ],
)
def test_nor_does_what_other_languages_would_run(words: str) -> None:
    said = dated(words, Action(due_on=date(2026, 12, 4), done_on=None), "en")
    assert said == words.replace("{due_on}", "4 December 2026")
