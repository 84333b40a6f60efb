"""A copy of one answer for whoever gave it: what they said, in every version, and what they were promised and told."""

import json
from datetime import date, datetime
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from core import clock
from core.api.rest import iso
from followup.own_page.status import status
from surveys.kinds import KINDS
from surveys.models_responses import Answer, Response
from surveys.queries import answer_words


def as_text(response: Response) -> str:
    """A line for a question and its answer, as they read it on their page."""
    page = status(response, clock.now())
    lines = [page.survey, _("Answered on %(day)s", day=_day(_local(response.submitted_at, response))), ""]
    for given in (*page.answers, *page.carried):
        lines += [given.question, given.words, ""]
    if page.pledge:
        lines += [_("Promised: you hear from us by %(day)s", day=_day(page.pledge.due_on)), ""]
    for word in reversed(page.told):
        lines += [f"{word.who}, {_day(_local(word.at, response))}:", word.words, ""]
    return "\n".join(lines)


def _local(moment: datetime, response: Response) -> date:
    return clock.local_date(moment, response.survey.organisation.timezone)


def _day(day: date) -> str:
    return format_date(day, "d MMMM y")


def as_json(response: Response) -> str:
    page = status(response, clock.now())
    copy = {
        "survey": response.survey.slug, "title": page.survey, "submitted_at": iso(response.submitted_at),
        "changed_at": iso(response.corrected_at), "language": response.language, "score": response.score,
        "answers": [_answer(a) for a in sorted(response.answers, key=_in_order)],
        "promised_for": page.pledge.due_on.isoformat() if page.pledge else None,
        "told": [{"at": iso(w.at), "by": w.who, "words": w.words} for w in reversed(page.told)],
    }  # fmt: skip
    return json.dumps(copy, ensure_ascii=False, indent=2)


def _in_order(answer: Answer) -> tuple[int, int]:
    return answer.question.position, answer.version


def _answer(answer: Answer) -> dict[str, Any]:
    """`value` as a program would send it; `words` as a person reads it."""
    said = answer.number is not None or answer.text is not None
    response = answer.response
    return {
        "question": answer.question.key, "version": answer.version, "at": iso(answer.said_at or response.submitted_at),
        "value": KINDS[answer.question.kind].data(answer) if said else None,
        "words": answer_words(answer, response.language) if said else "",
    }  # fmt: skip
