"""Views of the inbox that staff save, share and take away."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, allowed, load, require
from core.db import db, writing
from core.errors import DomainError
from triage.forms import ViewForm
from triage.inbox.filters import Filters
from triage.inbox.models import SavedView
from triage.inbox.saving import save
from triage.views import blueprint, inbox_page


@blueprint.post("/inbox/views")
@require(Role.viewer)
def save_view() -> ResponseReturnValue:
    """Keep what the address narrows the inbox to."""
    form, wanted = ViewForm(), Filters.read(request.args)
    if not form.validate():
        return inbox_page(422, form)
    try:
        with writing():
            save(access(), form.name.data or "", wanted, bool(form.shared.data), clock.now())
    except DomainError as refusal:
        flash(refusal.sentence, "error")
        return inbox_page(refusal.status, form)
    flash(_("Saved."))
    return redirect(url_for("triage.inbox", **wanted.as_args()), 303)


@blueprint.post("/inbox/views/<int:view_id>/removal")
@require(Role.viewer)
def remove_view(view_id: int) -> ResponseReturnValue:
    """Take a view away: one's own; of a colleague's that is shared, a manager may."""
    theirs = load(SavedView, view_id).staff_id == access().staff_id
    if not theirs and not load(SavedView, view_id).shared:
        abort(404)
    if theirs or allowed(Role.manager):
        with writing():
            db.session.delete(load(SavedView, view_id))
        flash(_("The view was taken away. The comments are where they were."))
    else:
        flash(_("This view is a colleague’s: they or a manager can take it away."), "error")
    return redirect(url_for("triage.inbox"), 303)
