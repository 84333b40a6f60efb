"""How the survey in the builder looks to customers: drawn from the form as it stands, and kept nowhere."""

from dataclasses import replace

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, refresh

from core import clock
from core.access import Role, access, require
from core.db import db
from core.errors import DomainError
from core.headers import allow_framing
from core.languages import LANGUAGES, WRITTEN, spoken
from core.models import Organisation
from core.public_pages import letterhead
from core.uploads import takes
from core.voice import address_as
from surveys.asking import AnswerForm
from surveys.builder.building import Draft, question_from, questions_from
from surveys.builder.carrying import LISTS
from surveys.builder.forms import SurveyForm
from surveys.builder.forms_languages import FORM, in_languages, sent
from surveys.kinds import KINDS, LIST_KINDS
from surveys.models import Survey, Version
from surveys.showing import rules_of_style
from surveys.views import blueprint
from surveys.wording import reply_words


@blueprint.get("/preview")
@require(Role.manager)
def empty_preview() -> ResponseReturnValue:
    """An empty frame, filled by the button beside it, or as somebody types."""
    return _drawn(in_languages(SurveyForm, LANGUAGES)(formdata=None))


@blueprint.post("/preview")
@require(Role.manager)
@takes(FORM)
def preview() -> ResponseReturnValue:
    """What customers would see."""
    return _drawn(in_languages(SurveyForm, sent(request.form, LANGUAGES))())


def _drawn(form: SurveyForm) -> str:
    allow_framing(["'self'"])
    organisation = db.session.get_one(Organisation, access().organisation_id)
    reader = get_locale()
    own = form.own_language if form.language.data or not reader else reader.language
    language = _speak(organisation, own)
    version, sentence = _version(form)
    asked = AnswerForm(version, language).blank({})
    return render_template(
        "surveys/public/preview.html", title=form.titles.get(language) or form.titles.get(form.own_language, ""), form=asked,
        sentence=sentence, hides=rules_of_style(version), reply_words=reply_words(_as_survey(form)),
        **letterhead(organisation, [language], clock.now()),
    )  # fmt: skip


def _speak(organisation: Organisation, own: str) -> str:
    asked = request.args.get("in", "")
    chosen = asked if asked in WRITTEN else own
    g.language, g.read_in = spoken(chosen, organisation.language), chosen
    address_as(organisation.form_of_address)
    refresh()  # whoever is signed in was read in their own language
    return chosen


def _as_survey(form: SurveyForm) -> Survey:
    number = form.reply_number.data or 1
    return (
        Survey(reply_hours=number) if form.reply_unit.data == "hours" else Survey(reply_working_days=number)
    )


def _version(form: SurveyForm) -> tuple[Version, str]:
    """The questions, and what is not right with them; then each is shown without saying when it is asked."""
    drafts = [_with_lists(draft) for draft in form.drafts() if draft.kind in KINDS]
    try:
        return Version(number=1, questions=questions_from(drafts)), ""
    except DomainError as error:
        return Version(
            number=1, questions=[question_from(n, _always(d)) for n, d in enumerate(drafts)]
        ), error.sentence


def _with_lists(draft: Draft) -> Draft:
    """Somebody who chose a list has written nothing in it yet."""
    unwritten = [{"key": "1", "words": {"": "…"}}]
    lists = {name: unwritten for name in LISTS if draft.kind in LIST_KINDS and not draft.options.get(name)}
    return replace(draft, options={**draft.options, **lists})


def _always(draft: Draft) -> Draft:
    options = {name: held for name, held in draft.options.items() if name != "show_if"}
    return replace(draft, options=options)
