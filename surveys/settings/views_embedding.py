"""Where managers say which sites may show a survey, and find the lines to put there."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from core import clock
from core.access import Role, load, require
from core.db import writing
from core.errors import DomainError
from surveys.models import Survey
from surveys.settings.embedding import choose_origins, snippet
from surveys.views import blueprint


class SitesForm(FlaskForm):  # type: ignore[misc]
    sites = TextAreaField(
        _l("Sites that may show it, one a line"),
        description=_l(
            "For example https://www.example.org. On any other site the browser shows nothing. Left empty: nowhere."
        ),
    )


@blueprint.get("/<int:survey_id>/embed")
@require(Role.manager)
def embed(survey_id: int) -> str:
    """The lines to copy, and the sites."""
    survey = load(Survey, survey_id)
    return _page(survey, SitesForm(formdata=None, data={"sites": "\n".join(survey.embed_origins)}))


@blueprint.post("/<int:survey_id>/embed")
@require(Role.manager)
def sites(survey_id: int) -> ResponseReturnValue:
    """From now on."""
    form = SitesForm()
    try:
        with writing():
            choose_origins(load(Survey, survey_id), form.sites.data or "", clock.now())
    except DomainError as error:
        form.sites.errors = [error.sentence]
        return _page(load(Survey, survey_id), form), error.status
    flash(_("Kept."))
    return redirect(url_for("surveys.embed", survey_id=survey_id), 303)


def _page(survey: Survey, form: SitesForm) -> str:
    return render_template("surveys/embed.html", survey=survey, form=form, snippet=snippet(survey))
