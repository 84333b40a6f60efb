"""Everybody who answered: those who wrote something, and those who gave only a score."""

import random
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from customers.recognising import Contact
from demo.days import at
from demo.passers_by import passer_by
from demo.stage import Stage
from demo.texts import Remark, Sheet
from demo.timeline import Event
from surveys.answering import Submission, submit

FRESH = 45
"""Days before somebody is asked again."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score without words, and when it was given."""

    moment: datetime
    score: int
    nonce: str


def answers(stage: Stage) -> Iterator[Event]:
    for remark in stage.script.remarks:
        moment = at(stage.days.ago(remark.days_ago), remark.at)
        yield Event(moment, "answer", partial(_write, stage, remark))
    for sheet in stage.script.survey:
        luck = random.Random(sheet.slug)
        for score in _scores(stage, sheet, luck):
            yield Event(
                score.moment,
                "answer",
                partial(_submit, stage, sheet.slug, _passing(stage, sheet, score, luck)),
            )


def _write(stage: Stage, remark: Remark, now: datetime) -> None:
    contact = Contact(name=remark.name, email=remark.email, language=remark.language)
    given: dict[str, tuple[float | None, str | None]] = {
        "csat": (remark.score, None),
        "comment": (None, remark.text),
    }
    sent = Submission(
        given, remark.language, remark.key, contact if remark.wants != "page" else Contact(), remark.wants
    )
    stage.responses[remark.key] = _submit(stage, remark.survey, sent, now)


def _submit(stage: Stage, slug: str, sent: Submission, now: datetime) -> int:
    return submit(stage.survey(slug), sent, now).id


def _scores(stage: Stage, sheet: Sheet, luck: random.Random) -> Iterator[Score]:
    for months_ago, row in zip(sheet.score_only.months_ago, sheet.score_only.scores, strict=True):
        first = stage.days.month(months_ago)
        last = min(
            first.replace(day=monthrange(first.year, first.month)[1]), stage.days.today - timedelta(days=1)
        )
        for number, score in enumerate(score for score, people in enumerate(row, 1) for _ in range(people)):
            if first <= last:
                yield Score(_some_time(first, last, luck), score, f"{sheet.slug}-{months_ago}-{number}")


def _some_time(first: date, last: date, luck: random.Random) -> datetime:
    day = first + timedelta(days=luck.randrange((last - first).days + 1))
    return at(day, time(luck.randrange(8, 22), luck.randrange(60)))


def _passing(stage: Stage, sheet: Sheet, score: Score, luck: random.Random) -> Submission:
    """Six in ten leave an address, of whom some answered before; one in twenty needs no word back."""
    wants = luck.choices(("mail", "page", "none"), (60, 35, 5))[0]
    before = _answered_before(stage, sheet, score.moment)
    again = luck.choice(before) if before and luck.random() < 0.2 else None
    language = again.language if again else luck.choice(("nl", "nl", "nl", "nl", "en"))
    person = Contact(again.name, again.email, language=language) if again else passer_by(language, luck)
    contact = person if wants != "page" else Contact()
    return Submission({"csat": (score.score, None)}, language, score.nonce, contact, wants)


def _answered_before(stage: Stage, sheet: Sheet, moment: datetime) -> list[Remark]:
    """Those who may be asked again; nobody whose mail did not arrive."""
    troubled = {key for s in stage.script.story if s.kind in {"bounce", "unknown"} for key in s.comments}
    old = [
        r
        for r in stage.script.remarks
        if r.survey == sheet.slug and r.wants == "mail" and r.key not in troubled
    ]
    return [r for r in old if at(stage.days.ago(r.days_ago - FRESH), r.at) < moment]
