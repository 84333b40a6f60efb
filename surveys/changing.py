"""Somebody says something else: a new version of each answer that changed. Every earlier one is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from core import audit
from core.db import db
from core.errors import Conflict
from surveys.answering import closed_sentence, score_of
from surveys.models import Question, Version
from surveys.models_responses import Answer, Response
from surveys.showing import Given

NOT_ASKED = ("contact", "hidden")
"""How somebody wants to hear is changed in a way of its own; what an address carried along is not theirs to change."""
NOTHING: Given = (None, None)


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is None for a question that was left open."""

    question: Question
    before: Answer | None
    after: Answer


def may_change(response: Response) -> bool:
    """Until the survey closes."""
    return response.survey.is_open and not response.history and response.erased_at is None


def differs(response: Response, version: Version, answers: Mapping[str, Given]) -> bool:
    return any(True for _one in _differences(response, version, answers))


def change(response: Response, version: Version, answers: Mapping[str, Given], now: datetime) -> list[Change]:
    """Conflict, with since when, for a survey that takes none any more."""
    if not may_change(response):
        raise Conflict(closed_sentence(response.survey))
    found = list(_differences(response, version, answers))
    changes = [_changed(response, question, before, given, now) for question, before, given in found]
    if changes:
        response.score, response.corrected_at = score_of(version, answers), now
        audit.record("response.changed", response, now, questions=[c.question.key for c in changes])
    return changes


def _differences(
    response: Response, version: Version, answers: Mapping[str, Given]
) -> Iterator[tuple[Question, Answer | None, Given]]:
    last = {a.question_id: a for a in sorted(response.answers, key=lambda a: a.version)}
    for question in version.questions:
        before, given = last.get(question.id), answers.get(question.key, NOTHING)
        held = (before.number, before.text) if before else NOTHING
        if question.kind not in NOT_ASKED and held != given:
            yield question, before, given


def _changed(
    response: Response, question: Question, before: Answer | None, given: Given, now: datetime
) -> Change:
    number, text = given
    after = Answer(
        response=response, question_id=question.id, version=before.version + 1 if before else 1,
        number=number, text=text, said_at=now,
    )  # fmt: skip
    db.session.add(after)
    db.session.flush()
    return Change(question, before, after)
