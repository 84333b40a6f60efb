"""The desk: on working days staff read what came in, say what it is about, and tag it with what was done."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from demo.courses import answered_on
from demo.days import HOLD, TAGGING, at, local_day, next_working
from demo.stage import Stage
from demo.texts import Deed, Remark
from demo.timeline import Event
from triage.labelling import Labels, label
from triage.settling import settle

LOUD = ("impatient", "frustrated", "angry", "worried", "grateful")
"""Emotions that show at a glance: staff note them before there is an answer."""


def desk(stage: Stage) -> Iterator[Event]:
    waiting = {key for keys in stage.script.inbox.values() for key in keys}
    sittings: dict[tuple[date, str], list[Remark]] = defaultdict(list)
    for remark in stage.script.remarks:
        if remark.key in waiting:
            yield from _first_look(stage, remark)
        else:
            deed = stage.deed(remark.action)
            sittings[answered_on(remark, deed, stage.script, stage.days), deed.key].append(remark)
    for (day, key), remarks in sittings.items():
        yield Event(at(day, TAGGING), "tags", partial(_answer, stage, stage.deed(key), remarks))


def _first_look(stage: Stage, remark: Remark) -> Iterator[Event]:
    if remark.emotion in LOUD:
        day = next_working(stage.days.ago(remark.days_ago))
        yield Event(at(day, TAGGING), "aside", partial(_note, stage, remark))


def _note(stage: Stage, remark: Remark, now: datetime) -> None:
    """How it sounds; what to do about it is still open."""
    signer = stage.sheet(remark.survey).signer
    with stage.as_staff(signer):
        (comment,) = stage.comments([remark.key])
        label(comment, Labels(remark.emotion, [], None), now)


def _answer(stage: Stage, deed: Deed, remarks: list[Remark], now: datetime) -> None:
    """Label them, and tag them all at once with the action as it stands today."""
    who = stage.staff[deed.owner]
    with stage.as_staff(deed.owner):
        for remark in remarks:
            (comment,) = stage.comments([remark.key])
            label(comment, Labels(remark.emotion, stage.labels(remark), who), now)
        comments = stage.comments([r.key for r in remarks])
        settle(comments, stage.action(deed.key), who, HOLD, local_day(now), now)
