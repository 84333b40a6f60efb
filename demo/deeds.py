"""What staff decide, do, put off and put right: the life of each action."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from core.access import Role
from core.db import db
from demo.courses import Course, Move, course, move_of
from demo.days import ACTING, CORRECTING, DECIDING, MOVING, at, local_day, next_working
from demo.reading import Story
from demo.stage import Stage
from demo.texts import Deed, Words
from demo.timeline import Event
from demo.wording import dated, named
from followup.corrections.correcting import correct, tell_done
from followup.plans.delaying import delay
from triage.acting import Decision, decide
from triage.models import Action
from triage.waiting import Waiting, wait


def deeds(stage: Stage) -> Iterator[Event]:
    told_later = {s.again_action for s in stage.script.story}
    for deed in (d for d in stage.script.deeds if d.key not in told_later):
        life = course(deed, stage.script, stage.days)
        yield Event(at(life.made, DECIDING), "deed", partial(_decide, stage, deed, life))
        if deed.kind == "done" and life.done:
            yield Event(at(life.done, ACTING), "deed", partial(_do, stage, deed))
        story = move_of(deed, stage.script)
        if story and life.move:
            yield Event(
                at(life.move.on, MOVING),
                "deed",
                partial(
                    _put_off, stage, deed, life.move, dated(stage, story.reason, deed, life, life.move.on)
                ),
            )
    for story in stage.script.story:
        if story.kind == "correction":
            day = stage.days.working(story.corrected_days_ago)
            yield Event(at(day, CORRECTING), "deed", partial(_put_right, stage, story))
        if story.waiting:
            since = stage.days.working(story.waiting_days)
            yield Event(at(since, CORRECTING), "aside", partial(_wait, stage, story, since))


def _decide(stage: Stage, deed: Deed, life: Course, now: datetime) -> None:
    planned = bool(deed.promised) or deed.kind == "planned"
    with stage.as_staff(deed.owner):
        decision = _decision(
            stage, deed, "planned" if planned else deed.kind, deed.promised or deed.public, life
        )
        stage.actions[deed.key] = _decided(stage, deed, decision, now)


def _decision(stage: Stage, deed: Deed, kind: str, words: Words, life: Course) -> Decision:
    return Decision(
        kind, deed.title, stage.staff[deed.owner], named(stage, words, deed.owner), due_on=life.due if kind == "planned" else None,
        done_on=life.done if kind in {"done", "already"} else None, reason=deed.reason, theme_id=stage.themes[deed.organisation, deed.theme],
    )  # fmt: skip


def _decided(
    stage: Stage, deed: Deed, decision: Decision, now: datetime, corrects: Action | None = None
) -> int:
    action = decide(stage.organisations[deed.organisation], decision, local_day(now), now, corrects)
    db.session.flush()
    return action.id


def _do(stage: Stage, deed: Deed, now: datetime) -> None:
    """It is done: the words say so now, and whoever was told it is planned hears them."""
    action = stage.action(deed.key)
    with stage.as_staff(deed.owner):
        action.public_note = named(stage, _believed(stage, deed), deed.owner)
        tell_done(action, local_day(now), now)


def _believed(stage: Stage, deed: Deed) -> Words:
    """The words as they were thought to be right on that day."""
    mistake = next(
        (s.wrong for s in stage.script.story if s.kind == "correction" and s.action == deed.key), {}
    )
    return {language: f"{text} {mistake.get(language, '')}".strip() for language, text in deed.public.items()}


def _put_off(stage: Stage, deed: Deed, to: Move, reasons: Words, now: datetime) -> None:
    """The date will be missed: before it passes, everyone who was told it hears the new one and why."""
    with stage.as_staff(deed.owner):
        delay(stage.action(deed.key), to.later, reasons, Role.agent, now)


def _wait(stage: Stage, story: Story, since: date, now: datetime) -> None:
    """It waits for a third party, and respondents read so."""
    again = next_working(stage.days.today, 2)
    with stage.as_staff(stage.deed(story.action).owner):
        wait(stage.action(story.action), Waiting(story.waiting, since, again), local_day(now), now)


def _put_right(stage: Stage, story: Story, now: datetime) -> None:
    """What was told wrongly is corrected to everyone who heard it; who comes later reads the right words."""
    deed, wrong = stage.deed(story.action), stage.action(story.action)
    life = course(deed, stage.script, stage.days)
    with stage.as_staff(deed.owner):
        right = _decision(stage, deed, "done", story.correction, life)
        correct(wrong, db.session.get_one(Action, _decided(stage, deed, right, now, wrong)), now)
        later = _decision(stage, deed, "done", deed.public, life)
        stage.actions[deed.key] = _decided(stage, deed, later, now)
