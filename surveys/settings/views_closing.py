"""What answers hear that nobody came to, chosen on the survey's page."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, load, require
from core.db import writing
from core.errors import DomainError
from surveys.models import Survey
from surveys.settings.default_closing import choose_closing
from surveys.settings.forms_closing import ClosingForm
from surveys.views import blueprint, shown


@blueprint.post("/<int:survey_id>/default-closing")
@require(Role.manager)
def default_closing(survey_id: int) -> ResponseReturnValue:
    """After how many days, and with which words; no number of days: off."""
    form = ClosingForm(load(Survey, survey_id))
    if not form.validate():
        return shown(load(Survey, survey_id), form), 422
    try:
        _choose(survey_id, form)
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return shown(load(Survey, survey_id), form), refusal.status
    flash(_("Kept."))
    return redirect(url_for("surveys.page", survey_id=survey_id), 303)


def _choose(survey_id: int, form: ClosingForm) -> None:
    with writing():
        choose_closing(load(Survey, survey_id), form.days.data, form.words, clock.now())
