"""Several lines with the same answers beside each: a radio group a line, so that it fits a telephone.

`options["rows"]` and `options["choices"]` are lists of {key, words}; kept as JSON {row: choice}.
"""

import json
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from core.errors import DomainError
from surveys.kinds.base import Kind, OneOf, Value, listed, never_said, words_of
from surveys.kinds.choice import keys, lines_of
from surveys.kinds.lines import LinesForm, lines_field
from surveys.models import Question
from surveys.models_responses import Answer


class MatrixForm(LinesForm):
    """Lines may be left open, unless the question must be answered."""

    @property
    def data(self) -> dict[str, str]:
        """row → choice"""
        return self.chosen


def _field(question: Question, language: str) -> Field:
    offered = listed(question.options["choices"], language)
    return lines_field(
        MatrixForm, question, lines_of(question, "rows", language), language,
        lambda words: OneOf(words, choices=offered),
    )  # fmt: skip


def _read(question: Question, sent: Any) -> Value | None:
    if sent is None or sent in ("", {}):
        return None
    rows, offered = keys(question, "rows"), keys(question)
    if not isinstance(sent, dict) or not all(row in rows and one in offered for row, one in sent.items()):
        raise DomainError(
            _(
                "“%(key)s” is an object: for each of %(rows)s one of %(keys)s.",
                key=question.key,
                rows=", ".join(rows),
                keys=", ".join(offered),
            )
        )
    return Value(text=json.dumps({row: sent[row] for row in rows if row in sent}, ensure_ascii=False))


def _words(answer: Answer, language: str) -> str:
    rows, offered = answer.question.options["rows"], answer.question.options["choices"]
    said = json.loads(answer.text or "{}").items()
    return "; ".join(
        f"{words_of(rows, row, language)}: {words_of(offered, one, language)}" for row, one in said
    )


def _data(answer: Answer) -> dict[str, str]:
    said = json.loads(answer.text or "{}")
    lines = enumerate(keys(answer.question, "rows"))
    return {f"line{n}": said[row] for n, row in lines if row in said}


KIND = Kind(
    "matrix", _field, _read, "lines", words=_words, data=_data, said=never_said,
    parts=lambda q: len(keys(q, "rows")), composed=True,
)  # fmt: skip
