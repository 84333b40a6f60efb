"""How an answer under way stands on a page: all of its questions, or one of them with its place among the others."""

from typing import NamedTuple

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from core import clock, form_tokens, links
from core.keeping import unfinished_for
from core.public_pages import letterhead
from surveys.asking import AnswerForm, drawn
from surveys.models import Survey, Version
from surveys.partial.models import Unfinished
from surveys.partial.unfinished import Parts
from surveys.showing import rules_of_style
from surveys.stepping import Step, filled, step
from surveys.views_public import TYPED_IN, Visit, closed


class Under(NamedTuple):
    """An answer under way: its row, the questions as they are now, the language of this page, and what is kept."""

    row: Unfinished
    version: Version
    language: str
    parts: Parts

    @property
    def survey(self) -> Survey:
        return self.row.survey

    @property
    def one_by_one(self) -> bool:
        return self.row.survey.one_by_one


def found_wrong(under: Under, at: int) -> AnswerForm | None:
    """The question that was just answered, when it cannot be taken so."""
    if not under.one_by_one:
        return None
    form = _part(under, step(under.version, under.language, under.parts, at))
    return None if form.is_sound() else form


def is_last(under: Under, at: int) -> bool:
    """Whether no question comes after this page."""
    shown = step(under.version, under.language, under.parts, at) if under.one_by_one else None
    return shown is None or shown.number >= shown.of


def page_of(under: Under, at: int, wrong: AnswerForm | None = None) -> str:
    """One question with its place among the others, or all of them; `wrong` says what could not be taken."""
    if under.one_by_one:
        shown = step(under.version, under.language, under.parts, at)
        form = wrong if wrong and wrong.version.questions == shown.part.questions else _part(under, shown)
        form = _with_errors(form, wrong)
        questions = drawn("step", form, shown.number > 1, shown.number < shown.of)
        return _rendered(under, questions, wrong, shown)
    form = wrong or filled(under.version, under.language, under.parts)
    return _rendered(under, drawn("whole", form), wrong, None)


def _part(under: Under, shown: Step) -> AnswerForm:
    return filled(shown.part, under.language, under.parts)


def _with_errors(form: AnswerForm, wrong: AnswerForm | None) -> AnswerForm:
    """The question that is shown, as it was judged among all of them; one with several fields has a sentence in each."""
    for question in form.version.questions:
        if wrong and question.key in wrong:
            form._fields[question.key] = wrong[question.key]
    return form


def _rendered(under: Under, questions: Markup, wrong: AnswerForm | None, shown: Step | None) -> str:
    row, survey = under.row, under.survey
    return render_template(
        "surveys/public/unfinished.html", title=survey.title_in(under.language),
        questions=questions, errors_in=wrong, shown=shown, kept="kept" in request.args and not wrong,
        until=row.changed_at + unfinished_for(row.organisation_id), address=links.url("unfinished", row.id, row.link_version),
        action=links.path("unfinished", row.id, row.link_version), token=form_tokens.issue(purpose_of(row)), typed_in=TYPED_IN,
        hides="" if shown else rules_of_style(under.version), **letterhead(survey.organisation, survey.languages, clock.now()),
    )  # fmt: skip


def purpose_of(row: Unfinished) -> str:
    return f"unfinished:{row.id}:{row.link_version}"


def with_sentence(under: Under, at: int, sentence: str) -> AnswerForm:
    """The form of this page with only that to say."""
    whole = filled(under.version, under.language, under.parts)
    form = _part(under, step(under.version, under.language, under.parts, at)) if under.one_by_one else whole
    form.form_errors.append(sentence)
    return form


def closed_with(under: Under) -> ResponseReturnValue:
    """What was kept, and what was typed just now, to be copied."""
    form = filled(under.version, under.language, under.parts)
    return closed(Visit(under.survey, under.language), form)
