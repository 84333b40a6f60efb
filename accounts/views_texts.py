"""A manager's desk: the gateway that carries text messages, with a button that sends one now."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.forms_texts import GatewayForm, TrialTextForm
from accounts.views_organisation import blueprint, here
from core import clock
from core.access import Role, access, require
from core.db import writing
from core.errors import DomainError, TooOften
from core.voice import speaking
from outbox import gateways, tries
from outbox.numbers import checked_mobile, dialled
from outbox.outlets import outcomes
from outbox.outlets.errands import Outcome


@blueprint.get("/settings/texts")
@require(Role.manager)
def texts() -> ResponseReturnValue:
    """Where text messages go out, and how it is doing."""
    return _page(GatewayForm(formdata=None), TrialTextForm(formdata=None))


def _page(form: GatewayForm, trial: TrialTextForm, status: int = 200) -> ResponseReturnValue:
    gateway = gateways.gateway_of(access().organisation_id)
    failure = gateways.failure(gateway) if gateway else None
    return render_template(
        "accounts/texts.html", gateway=gateway, form=form, trial=trial, offered="sms" in here().channels,
        trouble=outcomes.sentence(failure) if failure else "", services=outcomes.gateways(),
    ), status  # fmt: skip


@blueprint.post("/settings/texts")
@require(Role.manager)
def set_up_texts() -> ResponseReturnValue:
    """The address is judged before anything is written, and never shown in whole again."""
    form = GatewayForm()
    if not form.validate():
        return _page(form, TrialTextForm(formdata=None), 422)
    judged = gateways.judge((form.address.data or "").strip(), here())
    if judged.problem:
        form.address.errors = [*form.address.errors, outcomes.sentence(judged, texts=True)]
        return _page(form, TrialTextForm(formdata=None), 422)
    with writing():
        gateways.set_up(here(), judged, clock.now())
    flash(_("Saved. Try it now: nothing is as certain as a message that arrived."))
    return _to_page()


@blueprint.post("/settings/texts/test")
@require(Role.manager)
def try_texts() -> ResponseReturnValue:
    """Send one text now, and say what came of it. Nothing is written while the gateway thinks."""
    trial = TrialTextForm()
    try:
        number = checked_mobile(trial.number.data or "", here().country) if trial.validate() else ""
    except DomainError as wrong:
        trial.number.errors = [*trial.number.errors, wrong.sentence]
        number = ""
    if not number:
        return _page(GatewayForm(formdata=None), trial, 422)
    try:
        outcome = _tried(dialled(number))
    except TooOften as again:
        flash(again.sentence, "error")
        return _page(GatewayForm(formdata=None), trial, again.status)
    if outcome.problem:
        flash(outcomes.sentence(outcome, texts=True), "error")
    else:
        flash(_("The gateway took it for %(number)s. Look at your phone.", number=number))
    return _to_page()


def _tried(number: str) -> Outcome:
    organisation = here()
    with writing():
        gateway = gateways.gateway_of(organisation.id)
        if not gateway:
            return Outcome("removed")
        tries.count("text_gateway.tried", organisation.id, ("text_gateway", gateway.id), clock.now())
    with speaking(organisation.language, organisation):
        words = _("%(name)s: this is a test", name=organisation.name)
    outcome = gateways.send(gateway, number, words)
    with writing():
        if there := gateways.gateway_of(access().organisation_id):
            gateways.note(there, outcome, clock.now())
    return outcome


@blueprint.post("/settings/texts/removal")
@require(Role.manager)
def remove_texts() -> ResponseReturnValue:
    """Nothing goes there from now on, its address is wiped, and nobody is offered a text any more."""
    with writing():
        gateway = gateways.gateway_of(access().organisation_id)
        if gateway:
            gateways.remove(gateway, clock.now())
    flash(_("Removed. Its address is wiped.") if gateway else _("This was removed meanwhile."))
    return _to_page()


def _to_page() -> ResponseReturnValue:
    return redirect(url_for("organisation.texts"), 303)
