"""A Monday with 400 comments, sorted by keyboard: the last 200 of the demo, and a week that was labelled by hand before
anything was made that sorts them (`a_week.tsv`). Every key press counts.

Whoever presses the keys reads what stands on the page, line by line from the top, and knows for each line the answer it
should get. No action has been used before: the first page is sorted by the words of the actions alone.
"""

import csv
import random
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from core import clock
from core.db import db, writing
from demo.reading import script
from demo.texts import Deed
from tests.cast import Cast
from tests.loop import answered, opened_survey
from triage.acting import Decision, decide
from triage.commenting import comments_of
from triage.models import Action, Tag
from triage.models_index import CommentIndex

WEEK = Path(__file__).with_name("a_week.tsv")
OF_THE_DEMO = 200
PRESSES, RIGHT = 140, 0.9
"""The aim is 150; what lies below is slack, so that a new word in a list does not break it."""


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    language: str
    score: int
    action: str


@pytest.fixture
def labels(people: Cast) -> dict[int, int]:
    """comment → the action it should get"""
    now = clock.now()
    with writing():
        actions = {d.key: _decided(people, d).id for d in script().deeds if d.key in _used()}
        surveys = {
            slug: opened_survey(people, now - timedelta(days=1), slug) for slug in ("bestelling", "reparatie")
        }
        found: dict[int, int] = {}
        for n, one in enumerate(_everything()):
            survey = surveys["bestelling" if _deed(one.action).organisation == "fietsgoed" else "reparatie"]
            response = answered(
                survey, now, one.text, email=f"{n}@example.com", score=one.score, language=one.language
            )
            found |= {c.id: actions[one.action] for c in comments_of(response)}
    return found


def _everything() -> list[Said]:
    """In no order that tells anything; the same each time."""
    rows = csv.DictReader(WEEK.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    week = [Said(r["text"], r["language"], int(r["score"]), r["action"]) for r in rows]
    demo = [Said(r.text, r.language, r.score, r.action) for r in script().remarks[-OF_THE_DEMO:]]
    return random.Random(400).sample(week + demo, len(week + demo))


def _used() -> set[str]:
    return {one.action for one in _everything()}


def _deed(key: str) -> Deed:
    return next(d for d in script().deeds if d.key == key)


def _decided(people: Cast, deed: Deed) -> Action:
    """As the demo words it; every one is done, for days are not what is tried here."""
    now = clock.now()
    words = {language: text.replace("{owner}", "Bob Bakker") for language, text in deed.public.items()}
    kind = "done" if deed.kind == "planned" else deed.kind
    due = {language: text.replace("{due_on}", "{done_on}") for language, text in words.items()}
    decision = Decision(
        kind, deed.title, people.bob.id, due, reason=deed.reason, overrule="These are the demo's words."
    )
    return decide(people.webshop.id, decision, now.date(), now)


@dataclass(slots=True)
class Keyboard:
    page: Page
    presses: int = 0
    capitals: int = 0
    """Of those, with Shift held."""

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.presses += 1
        self.capitals += key.isupper()


@pytest.mark.settings(hold_minutes=15)
def test_400_comments_are_sorted_by_keyboard(labels: dict[int, int], alice: Page) -> None:
    alice.goto("/inbox")
    keyboard = Keyboard(alice)
    keyboard.press("s")
    alice.wait_for_url("**/inbox/sorting")
    while lines := _lines(alice):
        _choose(keyboard, lines, labels)
        _say(keyboard)
        given = _given()
        right = sum(action == labels[id] for id, action in given.items())
        sys.stdout.write(
            f"\n{keyboard.presses} presses ({keyboard.capitals} capitals): {right} of {len(given)} right"
        )
    assert (len(labels), len(given), _open_ones()) == (400, 400, 0)
    assert len(set(given.values())) >= 12
    assert keyboard.presses < PRESSES
    assert right >= RIGHT * len(labels)


@dataclass(frozen=True, slots=True)
class Line:
    comment: int
    chosen: int
    """0: nothing"""
    unsure: bool
    letter: str
    second: int
    """What its letter puts there."""


def _lines(page: Page) -> list[Line]:
    """From the top of the page."""
    found = page.eval_on_selector_all(
        "select[data-by-key]",
        """all => all.map(one => [one.name.slice(4), one.value, one.closest(".item").matches(".is-unsure"),
            one.dataset.letter, (one.dataset.likely ?? "").split(" ")[1]])""",
    )
    return [Line(int(c), int(a or 0), unsure, letter or "", int(n or 0)) for c, a, unsure, letter, n in found]


def _choose(keyboard: Keyboard, lines: list[Line], labels: dict[int, int]) -> None:
    """She reads each line and puts right what is wrong; of what the page is sure of, only where she is already."""
    key = _keys(keyboard.page)
    here = 0
    for n, line in enumerate(lines):
        action = labels[line.comment]
        if line.chosen == action or not (line.unsure or n == here):
            continue
        here = _put_right(keyboard, line, action, key[action], n - here) + n


def _put_right(keyboard: Keyboard, line: Line, action: int, key: str, down: int) -> int:
    """In the fewest presses; whether she is at the next line then."""
    if down and line.letter and line.second == action:
        keyboard.press(line.letter)
        return 0
    if down > 1 and line.letter:
        keyboard.press(line.letter)
    else:
        for _step in range(down):
            keyboard.press("j")
    keyboard.press(key)
    return 1


def _keys(page: Page) -> dict[int, str]:
    """action → its key, as the page says"""
    found = page.eval_on_selector_all(
        ".item:first-child option[value]:not([value=''])",
        "all => all.map(one => [one.value, one.dataset.key])",
    )
    return {int(action): key for action, key in found}


def _say(keyboard: Keyboard) -> None:
    """Say it, having read what they will read; words that were read before are not shown again. The next page comes by itself."""
    page = keyboard.page
    before = page.locator("button[aria-keyshortcuts=a]").count()
    with page.expect_navigation():
        keyboard.press("a" if before else "s")
    if page.get_by_role("heading", name="What they will read").count():
        with page.expect_navigation():
            keyboard.press("s")
    page.get_by_role("heading", name="Sort by action").wait_for()


def _given() -> dict[int, int]:
    db.session.rollback()
    tags = db.session.execute(select(Tag.comment_id, Tag.action_id).where(Tag.withdrawn_at.is_(None)))
    return dict(tags.all())


def _open_ones() -> int:
    return len(db.session.scalars(select(CommentIndex.comment_id).where(CommentIndex.is_open)).all())
