"""A manager's desk for Zammad: connect a survey, see the secret once, and what came of what was sent."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange

from core import clock, links
from core.access import Role, load, require
from core.db import writing
from core.errors import Conflict
from core.fields import within
from surveys.helpdesks import zammad
from surveys.helpdesks.models import CLOSED, DELAY_HOURS, MOST_HOURS, ZammadHook
from surveys.helpdesks.wording import SAID
from surveys.models import Survey
from surveys.views import blueprint

SHOWN = 50
HOURS = _l("Give a number of hours from 0 to 672.")


class ZammadForm(FlaskForm):  # type: ignore[misc]
    hours = IntegerField(
        _l("Hours between closing the ticket and the mail"),
        validators=[InputRequired(HOURS), NumberRange(0, MOST_HOURS, HOURS)],
        description=_l("When the ticket is opened again before then, nobody is asked."),
    )
    names = StringField(
        _l("What a closed ticket is called in Zammad"),
        validators=[within(400)],
        description=_l("The name of the state, usually “closed”. Several with a comma between them."),
    )

    @property
    def closed_names(self) -> list[str]:
        return (self.names.data or "").split(",")


@blueprint.get("/<int:survey_id>/zammad")
@require(Role.manager)
def zammad_page(survey_id: int) -> ResponseReturnValue:
    """How it is connected, and the last deliveries."""
    survey = load(Survey, survey_id)
    hook = zammad.hook_of(survey)
    said = {"hours": hook.delay_hours, "names": ", ".join(hook.closed_names)} if hook else {}
    return _page(survey, ZammadForm(formdata=None, data={"hours": DELAY_HOURS, "names": CLOSED[0], **said}))


@blueprint.post("/<int:survey_id>/zammad")
@require(Role.manager)
def zammad_connection(survey_id: int) -> ResponseReturnValue:
    """The first time it shows the secret, so it is no redirect; later on it keeps what was changed."""
    survey, form = load(Survey, survey_id), ZammadForm()
    if not form.validate():
        return _page(survey, form), 422
    before = zammad.hook_of(survey)
    new = not before or before.ended_at is not None
    with writing():
        survey = load(Survey, survey_id)
        hook = zammad.connect(survey, form.hours.data or 0, form.closed_names, clock.now())
        secret = zammad.secrets(hook)[0]
    if new:
        return _page(load(Survey, survey_id), form, secret), 201
    flash(_("Kept."))
    return _back(survey_id)


@blueprint.post("/<int:survey_id>/zammad/secret")
@require(Role.manager)
def zammad_secret(survey_id: int) -> ResponseReturnValue:
    """A new one, shown this once; the one before signs nothing any more."""
    with writing():
        hook = _connected(load(Survey, survey_id))
        zammad.renew(hook, clock.now())
        secret = zammad.secrets(hook)[0]
        said = {"hours": hook.delay_hours, "names": ", ".join(hook.closed_names)}
    return _page(load(Survey, survey_id), ZammadForm(formdata=None, data=said), secret), 201


@blueprint.post("/<int:survey_id>/zammad/end")
@require(Role.manager)
def zammad_end(survey_id: int) -> ResponseReturnValue:
    """What waits is sent; what comes from now on is refused."""
    with writing():
        zammad.end(_connected(load(Survey, survey_id)), clock.now())
    flash(_("Switched off. What Zammad sends from now on is refused."))
    return _back(survey_id)


def _connected(survey: Survey) -> ZammadHook:
    hook = zammad.hook_of(survey)
    if not hook or hook.ended_at:
        raise Conflict(_("This survey is not connected to Zammad."))
    return hook


def _back(survey_id: int) -> ResponseReturnValue:
    return redirect(url_for("surveys.zammad_page", survey_id=survey_id), 303)


def _page(survey: Survey, form: ZammadForm, secret: str = "") -> str:
    hook = zammad.hook_of(survey)
    return render_template(
        "surveys/zammad.html", survey=survey, form=form, secret=secret, hook=hook if hook and not hook.ended_at else None,
        address=links.public_url(f"/hooks/zammad/{survey.slug}"), said=SAID,
        deliveries=zammad.last_deliveries(hook, SHOWN) if hook else [],
    )  # fmt: skip
