"""Each person chooses of what they hear by mail."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import alerts
from accounts.forms import AlertsForm
from accounts.views import blueprint, my_membership
from core import clock
from core.access import Role, require
from core.db import writing


@blueprint.route("/settings/alerts", methods=["GET", "POST"])
@require(Role.viewer)
def own_alerts() -> ResponseReturnValue:
    """One's own choice, in the organisation that is in view."""
    kinds = alerts.kinds(my_membership())
    form = AlertsForm(data={kind: alerts.choice(my_membership(), kind) for kind in kinds})
    for absent in set(alerts.KINDS) - set(kinds):
        del form[absent]
    if not form.validate_on_submit():
        return render_template("accounts/alerts.html", form=form, kinds=kinds), 422 if form.errors else 200
    with writing():
        alerts.choose(my_membership(), {kind: form[kind].data for kind in kinds}, clock.now())
    flash(_("Saved."))
    return redirect(url_for("accounts.own_alerts"), 303)
