"""The days of an action's life, and the day on which staff answer a comment with it."""

from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

from demo.days import Days, next_working
from demo.reading import Script, Story
from demo.texts import Deed, Remark

URGENT = ("impatient", "frustrated", "angry")


@dataclass(frozen=True, slots=True)
class Move:
    """On a day, the first date becomes a later one."""

    on: date
    first: date
    later: date


@dataclass(frozen=True, slots=True)
class Course:
    """`due` is the first date told. None: it never came to that."""

    made: date
    due: date | None = None
    move: Move | None = None
    done: date | None = None

    def due_on(self, day: date) -> date | None:
        """The date that is told on this day."""
        return self.move.later if self.move and day >= self.move.on else self.due

    def is_done(self, day: date) -> bool:
        return self.done is not None and day >= self.done


def course(deed: Deed, script: Script, days: Days) -> Course:
    made = days.working(deed.made_days_ago)
    if deed.kind == "planned":
        return Course(made, due=days.working(-deed.due_days))
    if deed.kind != "done":
        return Course(made, done=days.ago(deed.done_days_ago) if deed.done_days_ago else None)
    due = days.working(deed.done_days_ago - deed.due_days) if deed.promised else None
    story = move_of(deed, script)
    move = (
        Move(days.working(story.moved_days_ago), due, days.working(story.new_due_days_ago))
        if story and due
        else None
    )
    return Course(made, due, move, days.working(deed.done_days_ago))


def move_of(deed: Deed, script: Script) -> Story | None:
    """The story of how its date was moved."""
    return next((s for s in script.story if s.kind == "moved" and s.action == deed.key), None)


def answered_on(remark: Remark, deed: Deed, script: Script, days: Days) -> date:
    """The first day on which there is something to say: not before it was decided, nor with a date that is gone."""
    life = course(deed, script, days)
    day = max(_looked_at(remark, days), life.made)
    told = life.due_on(day)
    too_late = told is not None and day > told - timedelta(days=2)
    return life.done if too_late and life.done and not life.is_done(day) else day


def _looked_at(remark: Remark, days: Days) -> date:
    """Staff come to it on the next working day, or on the one after; who is urgent comes first."""
    wait = 1 if remark.emotion in URGENT else 1 + crc32(remark.key.encode()) % 2
    return next_working(days.ago(remark.days_ago), wait)
