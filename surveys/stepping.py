"""One question a page: which are asked after what was said so far, and which of them stands on the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from core.errors import DomainError
from surveys import showing
from surveys.asking import AnswerForm, drawn
from surveys.kinds import KINDS
from surveys.models import Question, Version
from surveys.partial.unfinished import Parts
from surveys.showing import Given
from surveys.versions import part_of


@dataclass(frozen=True, slots=True)
class Step:
    """Question `number` of `of`, counted from 1; more may be asked after what is said here."""

    part: Version
    number: int
    of: int


def filled(version: Version, language: str, parts: Parts) -> AnswerForm:
    """The questions with what was typed, whether or not it can be taken."""
    form = AnswerForm(version, language)
    form.process(MultiDict(parts))
    return form


def step(version: Version, language: str, parts: Parts, wanted: int) -> Step:
    """The one that somebody wants to see, or the nearest there is."""
    asked = _asked(filled(version, language, parts))
    number = max(1, min(wanted, len(asked)))
    return Step(part_of(version, asked[number - 1 : number]), number, len(asked))


def first(form: AnswerForm) -> Markup:
    """The first question drawn, of a form that may have something to say about it."""
    asked = _asked(form)
    form.version = part_of(form.version, asked[:1])
    return drawn("first", form, len(asked))


def left_at(version: Version, language: str, parts: Parts) -> int:
    """The first question without an answer; the last one where each has one."""
    form = filled(version, language, parts)
    asked = _asked(form)
    blank = (n for n, question in enumerate(asked, start=1) if not _said(form, question))
    return next(blank, len(asked))


def first_wrong(version: Version, form: AnswerForm, parts: Parts) -> int:
    """Where the first answer stands that cannot be taken; the last step for what is wrong with all of it."""
    asked = _asked(filled(version, form.language, parts))
    wrong = (n for n, question in enumerate(asked, start=1) if form[question.key].errors)
    return next(wrong, len(asked))


def _asked(form: AnswerForm) -> Sequence[Question]:
    """As the server would judge them; nobody sees what an address carries along."""
    answers: dict[str, Given] = {}
    asked = []
    for question in form.version.questions:
        if showing.is_asked(question, form.version, answers):
            asked += [question] if question.kind != "hidden" else []
            answers |= _said(form, question)
    return asked


def _said(form: AnswerForm, question: Question) -> dict[str, Given]:
    try:
        value = KINDS[question.kind].read(question, form[question.key].data)
    except DomainError:
        return {}
    return {question.key: (value.number, value.text)} if value else {}
