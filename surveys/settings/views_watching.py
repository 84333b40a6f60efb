"""What managers watch over, chosen on the survey's page."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, load, require
from core.db import writing
from core.errors import DomainError
from surveys.models import Survey
from surveys.settings.forms_watching import WatchForm
from surveys.settings.watching import choose_watch
from surveys.views import blueprint, shown


@blueprint.post("/<int:survey_id>/watch")
@require(Role.manager)
def watch(survey_id: int) -> ResponseReturnValue:
    """From now on; what waits already waits for a manager's decision all the same."""
    form = WatchForm(load(Survey, survey_id))
    if not form.validate():
        return shown(load(Survey, survey_id), watching=form), 422
    try:
        _choose(survey_id, form)
    except DomainError as refusal:
        form.detractor_bound.errors = [*form.detractor_bound.errors, refusal.sentence]
        return shown(load(Survey, survey_id), watching=form), refusal.status
    flash(_("Kept."))
    return redirect(url_for("surveys.page", survey_id=survey_id), 303)


def _choose(survey_id: int, form: WatchForm) -> None:
    with writing():
        choose_watch(
            load(Survey, survey_id),
            approves_words=form.approves_words.data,
            bound=form.detractor_bound.data,
            joins_within=form.joins_within.data or 0,
            now=clock.now(),
        )
