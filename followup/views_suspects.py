"""Answers that may be a machine's, and the two buttons with which a colleague says whose each is."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, allowed, load, require
from core.db import writing
from core.redirects import same_site
from followup.views import blueprint
from surveys.models import Survey
from surveys.models_responses import Response
from surveys.said import first_words
from surveys.suspecting import say_whose, suspects

GENUINE, MACHINE = "genuine", "machine"


@blueprint.get("/surveys/<int:survey_id>/suspects")
@require(Role.viewer)
def suspects_page(survey_id: int) -> str:
    """The newest hundred, those that nobody decided about first."""
    survey = load(Survey, survey_id)
    listed = [(response, first_words(response)) for response in suspects(survey)]
    return render_template(
        "followup/suspects.html", survey=survey, listed=listed, may_say=allowed(Role.agent)
    )


@blueprint.post("/responses/<int:response_id>/suspicion")
@require(Role.agent)
def suspicion(response_id: int) -> ResponseReturnValue:
    """`says` is genuine or machine; back to the page whose button it was."""
    says, back = request.form.get("says", ""), request.form.get("back", "")
    here = same_site(back) if back else url_for("followup.response_page", response_id=response_id)
    load(Response, response_id)
    if says in {GENUINE, MACHINE}:
        with writing():
            say_whose(load(Response, response_id), genuine=says == GENUINE, now=clock.now())
        flash(_said(says))
    return redirect(here, 303)


def _said(says: str) -> str:
    if says == GENUINE:
        return _("Kept as a person's: it counts in the figures from now on.")
    return _("Kept as a machine's: it stays out of the figures, and stays here.")
