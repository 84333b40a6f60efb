"""Where a colleague asks the published questions on the phone, and types what is said."""

from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, form_tokens
from core.access import Role, load, require
from core.database.first_come import first_come
from core.errors import Conflict, DomainError
from core.languages import direction, own_name
from core.public_pages import PARTS_LIMIT, bound_parts
from core.voice import speaking
from surveys.answering import Submission, by_nonce
from surveys.asking import TOKEN, drawn
from surveys.asking_aloud import AloudForm, aloud
from surveys.builder.soundness import parts_of
from surveys.models import Survey
from surveys.on_the_phone import type_in, why_not
from surveys.showing import rules_of_style
from surveys.views import blueprint
from surveys.views_public import seen


class Call(NamedTuple):
    survey: Survey
    language: str
    """Of the customer: what is read out, and what they are written in."""


@blueprint.get("/<int:survey_id>/phone")
@require(Role.agent)
def phone(survey_id: int) -> ResponseReturnValue:
    """The questions in the customer's language; 409 with a sentence where nobody can be asked."""
    call = _call(survey_id)
    form = _form(call)
    if sentence := why_not(call.survey):
        raise Conflict(sentence)
    with speaking(call.language, call.survey.organisation):
        form.blank(request.args.to_dict(flat=False))
    return _page(call, form)


@blueprint.post("/<int:survey_id>/phone")
@require(Role.agent)
def phone_answer(survey_id: int) -> ResponseReturnValue:
    """Keep it once, with its promise; or say what is not right, with all that was typed."""
    call = _call(survey_id)
    form = _form(call, seen())
    bound_parts(max(PARTS_LIMIT, parts_of(form.version.questions)))
    with speaking(call.language, call.survey.organisation):
        form.process(request.form)
        nonce = _nonce(call.survey, form)
    if kept := _kept(call, form, nonce):
        flash(_("Kept. Here stands what is owed now."))
        return redirect(url_for("followup.response_page", response_id=kept), 303)
    return _page(call, form), 409 if why_not(call.survey) else 422


def _call(survey_id: int) -> Call:
    survey = load(Survey, survey_id)
    asked = request.args.get("lang", "")
    return Call(survey, asked if asked in survey.languages else survey.language)


def _form(call: Call, seen: int | None = None) -> AloudForm:
    with speaking(call.language, call.survey.organisation):
        version = aloud(call.survey, call.language, seen)
        form = AloudForm(version, call.language) if version else None
    if not form:
        raise Conflict(why_not(call.survey))
    return form


def _kept(call: Call, form: AloudForm, nonce: str) -> int | None:
    """The answer of this page, also where it was sent before; None where something is not right."""
    if sentence := why_not(call.survey):
        form.form_errors.append(sentence)
    with speaking(call.language, call.survey.organisation):
        said = form.submission(nonce)
    if said:
        try:
            return _keep(call.survey.id, said)
        except Conflict as error:
            form.form_errors.append(error.sentence)
    earlier = by_nonce(load(Survey, call.survey.id), nonce) if nonce else None
    return earlier.id if earlier else None


def _keep(survey_id: int, said: Submission) -> int:
    """Pressed twice at the same moment, the second finds what the first one wrote."""
    return first_come(lambda: type_in(load(Survey, survey_id), said, clock.now()).id)


def _nonce(survey: Survey, form: AloudForm) -> str:
    try:
        return form_tokens.nonce(_purpose(survey), request.form.get(TOKEN, ""))
    except DomainError as error:
        form.form_errors.append(error.sentence)
        return ""


def _purpose(survey: Survey) -> str:
    return f"phone:{survey.id}"


def _page(call: Call, form: AloudForm) -> str:
    survey, language = call
    with speaking(language, survey.organisation):
        questions, hides = drawn("aloud", form), rules_of_style(form.version)
    return render_template(
        "surveys/phone.html", survey=survey, questions=questions, hides=hides, version=form.version.number,
        token=form_tokens.issue(_purpose(survey)), language=language, reading_direction=direction(language),
        languages=[(code, own_name(code), code == language) for code in survey.languages],
    )  # fmt: skip
