"""How customers meet a survey, chosen on its page."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, load, require
from core.db import writing
from surveys.models import Survey
from surveys.settings.forms_answering import AnsweringForm
from surveys.settings.meeting import choose_meeting
from surveys.views import blueprint, shown


@blueprint.post("/<int:survey_id>/answering")
@require(Role.manager)
def answering(survey_id: int) -> ResponseReturnValue:
    form = AnsweringForm(load(Survey, survey_id))
    if not form.validate():
        return shown(load(Survey, survey_id), answering=form), 422
    with writing():
        choose_meeting(
            load(Survey, survey_id),
            one_by_one=form.one_by_one.data,
            anonymous=form.anonymous.data,
            now=clock.now(),
        )
    flash(_("Kept."))
    return redirect(url_for("surveys.page", survey_id=survey_id), 303)
