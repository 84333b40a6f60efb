"""A manager's desk: the chat channels and webhooks where alerts go, each with a button that tries it now."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import alerts
from accounts.forms_outlets import OutletForm
from accounts.views_organisation import blueprint, here
from core import clock
from core.access import Role, access, load, own, require
from core.db import db, writing
from core.errors import DomainError, TooOften
from core.links import public_url
from core.saying import written
from core.voice import speaking
from outbox import tries
from outbox.models_outlets import Outlet
from outbox.outlets import keeping, outcomes, trying
from outbox.outlets.errands import Outcome


@blueprint.get("/settings/outlets")
@require(Role.manager)
def outlets() -> ResponseReturnValue:
    """Where alerts go besides mail, how each is doing, and a form for a new one."""
    return _list(OutletForm(kinds=list(alerts.OF_OUTLETS)))


def _list(form: OutletForm, status: int = 200) -> ResponseReturnValue:
    standing = db.session.scalars(own(Outlet).where(Outlet.removed_at.is_(None)).order_by(Outlet.id)).all()
    shown = [(outlet, _trouble(outlet)) for outlet in standing]
    return render_template(
        "accounts/outlets.html",
        outlets=shown,
        form=form,
        kinds=alerts.OF_OUTLETS,
        services=outcomes.services(),
    ), status


def _trouble(outlet: Outlet) -> str:
    failure = keeping.failure(outlet)
    return outcomes.sentence(failure) if failure else ""


@blueprint.post("/settings/outlets")
@require(Role.manager)
def add_outlet() -> ResponseReturnValue:
    """Its address is judged before anything is written, and never shown in whole again."""
    form = OutletForm()
    if not form.validate():
        return _list(form, 422)
    judged = trying.judge(form.new_address, here())
    if judged.problem:
        form.address.errors = [*form.address.errors, outcomes.sentence(judged)]
        return _list(form, 422)
    try:
        with writing():
            keeping.add(access().organisation_id, form.known_as, judged, form.kinds.data or [], clock.now())
    except DomainError as refusal:
        form.form_errors = [refusal.sentence]
        return _list(form, refusal.status)
    flash(_("Saved. Try it now: nothing is as certain as a message that arrived."))
    return _to_list()


@blueprint.get("/settings/outlets/<int:outlet_id>")
@require(Role.manager)
def outlet(outlet_id: int) -> ResponseReturnValue:
    """What goes there; and its address, which can be replaced and not read."""
    row = load(Outlet, outlet_id)
    return _one(row, OutletForm(data={"name": row.name, "kinds": row.kinds}))


def _one(row: Outlet, form: OutletForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "accounts/outlet.html", outlet=row, form=form, trouble=_trouble(row), services=outcomes.services()
    ), status


@blueprint.post("/settings/outlets/<int:outlet_id>")
@require(Role.manager)
def change_outlet(outlet_id: int) -> ResponseReturnValue:
    """Where the address is left empty it stays as it is."""
    row, form = load(Outlet, outlet_id), OutletForm()
    if not form.validate():
        return _one(row, form, 422)
    judged = trying.judge(form.new_address, here()) if form.new_address else None
    if judged and judged.problem:
        form.address.errors = [*form.address.errors, outcomes.sentence(judged)]
        return _one(row, form, 422)
    with written(_("Saved.")):
        keeping.change(load(Outlet, outlet_id), form.known_as, form.kinds.data or [], clock.now(), judged)
    return _to_list()


@blueprint.post("/settings/outlets/<int:outlet_id>/test")
@require(Role.manager)
def try_outlet(outlet_id: int) -> ResponseReturnValue:
    """Send something now, and say what came of it. Nothing is written while the gateway thinks."""
    try:
        with writing():
            tried = "outlet", load(Outlet, outlet_id).id
            tries.count("outlet.tried", access().organisation_id, tried, clock.now())
    except TooOften as again:
        flash(again.sentence, "error")
        return _list(OutletForm(kinds=list(alerts.OF_OUTLETS)), again.status)
    row = load(Outlet, outlet_id)
    name, outcome = row.name, _tried(row)
    with writing():
        keeping.note(load(Outlet, outlet_id), outcome, clock.now())
    if outcome.problem:
        flash(f"{name}: {outcomes.sentence(outcome)}", "error")
    else:
        flash(_("It took the test. Look in %(name)s whether it arrived as you want it.", name=name))
    return _to_list()


def _tried(row: Outlet) -> Outcome:
    organisation = row.organisation
    with speaking(organisation.language, organisation):
        title = _("%(name)s: this is a test", name=organisation.name)
        body = _("From now on alerts come here.")
    return trying.send(row, title, f"{body}\n{public_url('/settings/outlets')}")


@blueprint.post("/settings/outlets/<int:outlet_id>/removal")
@require(Role.manager)
def remove_outlet(outlet_id: int) -> ResponseReturnValue:
    """Nothing goes there from now on, and its address is wiped."""
    with written(_("Removed. Its address is wiped.")):
        keeping.remove(load(Outlet, outlet_id), clock.now())
    return _to_list()


def _to_list() -> ResponseReturnValue:
    return redirect(url_for("organisation.outlets"), 303)
