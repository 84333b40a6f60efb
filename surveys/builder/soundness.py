"""What the questions of a version must be to each other before anybody can answer them."""

from collections.abc import Sequence

from flask_babel import gettext as _

from core.errors import DomainError
from surveys.kinds import KINDS
from surveys.models import Question
from surveys.showing import rule_of

BESIDES = 3
"""Parts of a form that are no answers: its token, which version it is, and the trap."""


MOST_PARTS = 150
"""Parts of the longest form; 64 kB of answers to it is the other bound."""


def parts_of(questions: Sequence[Question]) -> int:
    """How many parts a browser may send in answer to all of them."""
    return sum(KINDS[q.kind].parts(q) for q in questions) + BESIDES


def refuse_unsound(questions: Sequence[Question]) -> None:
    """DomainError with a sentence about the first thing that is not right."""
    if len({q.key for q in questions}) < len(questions):
        raise DomainError(_("Every question needs a key of its own."))
    _refuse_too_many(questions)
    for n, question in enumerate(questions):
        _refuse_bad_rule(question, questions[:n])


def _refuse_too_many(questions: Sequence[Question]) -> None:
    if parts_of(questions) > MOST_PARTS:
        raise DomainError(
            _(
                "One page can ask %(most)d things at most, and each box or line of a question counts. Leave some out.",
                most=MOST_PARTS - BESIDES,
            )
        )


def _refuse_bad_rule(question: Question, earlier: Sequence[Question]) -> None:
    """Only what was asked before can decide, so that no two questions wait for each other."""
    rule = rule_of(question)
    if not rule:
        return
    deciding = next((q for q in earlier if q.key == rule.key), None)
    offered = KINDS[deciding.kind].answers(deciding) if deciding else ()
    if not deciding or not offered:
        raise DomainError(
            _(
                "“%(key)s” can only depend on a question before it that has a fixed list of answers.",
                key=question.key,
            )
        )
    if not rule.answers or not set(rule.answers) <= set(offered):
        raise DomainError(
            _(
                "“%(key)s” is asked after one of these answers: %(keys)s.",
                key=question.key,
                keys=", ".join(offered),
            )
        )
