"""Where managers give a tablet its link, and take it back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from core import clock, links
from core.access import Role, load, require
from core.db import writing
from core.errors import DomainError
from surveys.kiosk import kiosks
from surveys.kiosk.models import Kiosk
from surveys.models import Survey
from surveys.views import blueprint


class KioskNameForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _l("Where the tablet stands"),
        validators=[Length(max=kiosks.LONGEST_NAME)],
        description=_l("For example: the counter in Maastricht."),
    )


@blueprint.get("/<int:survey_id>/kiosks")
@require(Role.manager)
def kiosks_page(survey_id: int) -> str:
    """The tablets that may take answers, each with its link."""
    return _page(load(Survey, survey_id), KioskNameForm(formdata=None))


@blueprint.post("/<int:survey_id>/kiosks")
@require(Role.manager)
def make_kiosk(survey_id: int) -> ResponseReturnValue:
    form = KioskNameForm()
    if not form.validate():
        return _page(load(Survey, survey_id), form), 422
    try:
        with writing():
            kiosks.make(load(Survey, survey_id), form.name.data or "", clock.now())
    except DomainError as error:
        form.name.errors = [error.sentence]
        return _page(load(Survey, survey_id), form), error.status
    flash(_("Open its link on the tablet."))
    return redirect(url_for("surveys.kiosks_page", survey_id=survey_id), 303)


@blueprint.post("/kiosks/<int:kiosk_id>/ending")
@require(Role.manager)
def end_kiosk(kiosk_id: int) -> ResponseReturnValue:
    """Its link takes nothing from now on."""
    with writing():
        kiosk = load(Kiosk, kiosk_id)
        kiosks.end(kiosk, clock.now())
        survey_id = kiosk.survey_id
    flash(_("Ended: nothing can be sent from it any more."))
    return redirect(url_for("surveys.kiosks_page", survey_id=survey_id), 303)


def _page(survey: Survey, form: KioskNameForm) -> str:
    there = [(kiosk, links.public_url(kiosks.path(kiosk))) for kiosk in kiosks.at_work(survey)]
    return render_template("surveys/kiosks.html", survey=survey, form=form, kiosks=there)
