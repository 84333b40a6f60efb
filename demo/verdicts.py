"""What respondents said to what they were told, and what was done when they said no."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from zlib import crc32

from demo.courses import answered_on, course
from demo.days import HOLD, TAGGING, at, evening, local_day, next_working
from demo.reading import Story
from demo.stage import Stage
from demo.texts import Remark
from demo.timeline import Event
from demo.wording import named
from followup.judging import Judgement, judge
from triage.acting import Decision
from triage.settling import settle

AFTERNOON = time(15, 20)


def verdicts(stage: Stage) -> Iterator[Event]:
    for remark in stage.script.remarks:
        yield from _said(stage, remark)
    for story in stage.script.story:
        if story.kind == "not_solved":
            yield from _not_solved(stage, story)
        if story.kind == "not_clear":
            yield from _not_clear(stage, story)


def _said(stage: Stage, remark: Remark) -> Iterator[Event]:
    """Clear, a day or two after the first word; solved, once it was done."""
    clear, solved = (remark.key in stage.script.verdicts[name] for name in ("clear", "solved"))
    first, last = heard_on(stage, remark)
    if clear and (first != last or not solved):
        yield _verdict(stage, remark.key, first, Judgement(True, None, "", f"clear-{remark.key}"))
    if solved:
        yield _verdict(
            stage,
            remark.key,
            last,
            Judgement((clear and first == last) or None, True, "", f"solved-{remark.key}"),
        )


def heard_on(stage: Stage, remark: Remark) -> tuple[date, date]:
    """The days on which they heard the first word and the outcome."""
    deed = stage.deed(remark.action)
    first = answered_on(remark, deed, stage.script, stage.days)
    done = course(deed, stage.script, stage.days).done if deed.kind == "done" else None
    return first, max(first, done or first)


def _verdict(stage: Stage, key: str, day: date, judgement: Judgement) -> Event:
    chance = crc32(judgement.nonce.encode())
    moment = evening(day + timedelta(days=chance % 3), chance % 200)
    return Event(moment, "answer", partial(_judge, stage, key, judgement))


def _judge(stage: Stage, key: str, judgement: Judgement, now: datetime) -> None:
    judge(stage.response(key), judgement, now)


def _not_solved(stage: Stage, story: Story) -> Iterator[Event]:
    """No; a second visit; yes."""
    (key,) = story.comments
    day = stage.days.ago(story.verdict_days_ago)
    again = max(next_working(stage.days.ago(story.again_days_ago), 0), next_working(day))
    yield Event(
        evening(day, 71),
        "answer",
        partial(_judge, stage, key, Judgement(None, False, story.words, f"no-{key}")),
    )
    yield Event(at(again, TAGGING), "tags", partial(_second_visit, stage, story))
    solved = again + timedelta(days=story.again_days_ago - story.solved_days_ago)
    yield Event(
        evening(solved, 12), "answer", partial(_judge, stage, key, Judgement(True, True, "", f"yes-{key}"))
    )


def _second_visit(stage: Stage, story: Story, now: datetime) -> None:
    deed = stage.deed(story.again_action)
    owner, theme = stage.staff[deed.owner], stage.themes[deed.organisation, deed.theme]
    with stage.as_staff(deed.owner):
        decision = Decision(
            "done",
            deed.title,
            owner,
            named(stage, deed.public, deed.owner),
            done_on=local_day(now),
            theme_id=theme,
        )
        settle(stage.comments(story.comments), decision, owner, HOLD, local_day(now), now)


def _not_clear(stage: Stage, story: Story) -> Iterator[Event]:
    """Asked in the morning, answered in the afternoon."""
    (key,) = story.comments
    day = stage.days.working(story.verdict_days_ago)
    asked = Judgement(False, None, story.words, f"unclear-{key}")
    yield Event(at(day, time(10, 40)), "answer", partial(_judge, stage, key, asked))
    yield Event(at(day, AFTERNOON), "tags", partial(_explain, stage, story))


def _explain(stage: Stage, story: Story, now: datetime) -> None:
    signer = stage.sheet(story.survey).signer
    with stage.as_staff(signer):
        words = named(stage, story.answer, signer, signer)
        decision = Decision("done", story.title, stage.staff[signer], words, done_on=local_day(now))
        settle(stage.comments(story.comments), decision, stage.staff[signer], HOLD, local_day(now), now)
