"""From rows to figures: every question on a scale, and how many of those who were asked answered."""

import json
from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import db
from outbox.models import Message
from reports.measures import ENDS, Rates, Scale
from reports.period import Period
from surveys.invitations.models import Invitation
from surveys.models import Question, Version
from surveys.models_responses import Answer, Response
from surveys.partial.models import Abandoned, Unfinished

Counts = dict[str, Counter[Any]]


def scales(period: Period, language: str) -> tuple[Scale, ...]:
    """Each question on a scale, in the order of the newest version that asked it."""
    asked, now, then = _asked(period), _given(period), _given(period.before())
    return tuple(
        _scale(question, language or period.survey.language, now[key], then[key])
        for key, question in asked.items()
        if now[key] or then[key]
    )


def _asked(period: Period) -> dict[str, Question]:
    query = (
        select(Question)
        .join(Version, Version.id == Question.version_id)
        .where(
            Version.survey_id == period.survey.id, Question.kind.in_(ENDS), Version.published_at.is_not(None)
        )
        .order_by(Version.number.desc(), Question.position)
    )
    found: dict[str, Question] = {}
    for question in db.session.scalars(query):
        found.setdefault(f"{question.kind} {question.key}", question)
    return found


def _given(period: Period) -> Counts:
    """kind and key → how often which value was given, as it stands now; of a gap both numbers that were said."""
    later = aliased(Answer)
    newer = select(later.id).where(
        later.response_id == Answer.response_id,
        later.question_id == Answer.question_id,
        later.version > Answer.version,
    )
    query = (
        select(Question.kind, Question.key, Answer.number, Answer.text, func.count())
        .join(Question, Question.id == Answer.question_id)
        .join(Response, Response.id == Answer.response_id)
        .where(Question.kind.in_(ENDS), Answer.number.is_not(None), Response.is_sound, ~newer.exists())
        .group_by(Question.kind, Question.key, Answer.number, Answer.text)
    )  # fmt: skip
    found: Counts = defaultdict(Counter)
    for kind, key, number, said, n in db.session.execute(period.scope.within(query)):
        found[f"{kind} {key}"][_value(kind, number, said)] += n
    return found


def _value(kind: str, number: float, said: str | None) -> int | tuple[int, int]:
    if kind != "expectation_gap":
        return int(number)
    both = json.loads(said or "{}")
    return both["expected"], both["experienced"]


def _scale(question: Question, language: str, now: Counter[Any], then: Counter[Any]) -> Scale:
    prompt = question.prompt.get(language) or next(iter(question.prompt.values()), question.key)
    if question.kind != "expectation_gap":
        return Scale(question.key, question.kind, prompt, _sorted(now), _sorted(then))
    return Scale(
        question.key, question.kind, prompt, _sorted(_gaps(now)), _sorted(_gaps(then)), _side(now, 0), _side(now, 1)
    )  # fmt: skip


def _gaps(pairs: Counter[Any]) -> Counter[int]:
    gaps: Counter[int] = Counter()
    for (expected, experienced), n in pairs.items():
        gaps[experienced - expected] += n
    return gaps


def _side(pairs: Counter[Any], side: int) -> tuple[tuple[int, int], ...]:
    counted: Counter[int] = Counter()
    for pair, n in pairs.items():
        counted[pair[side]] += n
    return _sorted(counted)


def _sorted(counts: Counter[int]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((value, n) for value, n in counts.items() if n))


def rates(period: Period) -> Rates:
    """Invitations that were mailed in the period; answers that were begun in it. Of a part of those who answered it is not known
    who else was asked: nothing."""
    if period.only:
        return Rates(0, 0, 0, 0, 0)
    now, then = _invited(period), _invited(period.before())
    sent, left = _sent(period), _left(period)
    return Rates(
        now["delivered"],
        now["answered"],
        now["bounced"],
        sent + left,
        sent,
        then["delivered"],
        then["answered"],
    )


def _invited(period: Period) -> Counter[str]:
    """Of a message that is gone nobody can say that it arrived: it counts where it was answered."""
    arrived = (Message.state == "sent") | Invitation.answered_on.is_not(None)
    lost = Message.state.in_(("bounced", "failed", "suppressed")) & Invitation.answered_on.is_(None)
    query = (
        select(
            func.count(Invitation.id).filter(arrived),
            func.count(Invitation.id).filter(Invitation.answered_on <= clock.local_date(period.as_of, period.timezone)),
            func.count(Invitation.id).filter(lost),
        )
        .outerjoin(Message, Message.id == Invitation.message_id)
        .where(Invitation.survey_id == period.survey.id, Invitation.written_at.is_not(None))
        .where(Invitation.written_at >= period.scope.since, Invitation.written_at < period.scope.until)
    )  # fmt: skip
    return Counter(
        dict(zip(("delivered", "answered", "bounced"), db.session.execute(query).one(), strict=True))
    )


def _sent(period: Period) -> int:
    on_pages = select(func.count(Response.id)).where(Response.is_test.is_(False), Response.source == "web")
    return db.session.scalar(period.scope.within(on_pages)) or 0


def _left(period: Period) -> int:
    """Begun and not sent: those that are still kept, and those that were forgotten since."""
    kept = select(func.count(Unfinished.id)).where(
        Unfinished.survey_id == period.survey.id, Unfinished.response_id.is_(None),
        Unfinished.begun_at >= period.scope.since, Unfinished.begun_at < period.scope.until,
    )  # fmt: skip
    forgotten = select(func.coalesce(func.sum(Abandoned.n), 0)).where(
        Abandoned.survey_id == period.survey.id, Abandoned.day >= period.first, Abandoned.day <= period.last
    )
    return (db.session.scalar(kept) or 0) + (db.session.scalar(forgotten) or 0)
