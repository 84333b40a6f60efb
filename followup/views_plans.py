"""A plan that will be late, and a word on how something stands: told at once to whom it concerns."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, access, load, require
from core.db import writing
from core.errors import DomainError
from followup.delaying import delay
from followup.forms import SpokenProgressForm
from followup.progressing import tell_progress
from followup.views import blueprint
from promises import views as promise_pages
from promises.models import Promise
from promises.moving import When
from triage.forms_plans import DelayForm
from triage.models import Action
from triage.views_actions import shown
from triage.writing import overruling


@blueprint.post("/actions/<int:action_id>/moves")
@require(Role.agent)
def plan_moves(action_id: int) -> ResponseReturnValue:
    """A later date with its reason, for everyone who was told the old one."""
    form = DelayForm()
    if not form.validate() or not form.due_on.data:
        return shown(load(Action, action_id), delay=form), 422
    try:
        told = _delay(action_id, When.by(form.due_on.data, g.timezone), form)
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return shown(load(Action, action_id), delay=form), refusal.status
    flash(
        ngettext(
            "Moved. %(num)d person hears the new date and your reason in the next message.",
            "Moved. %(num)d people hear the new date and your reason in the next message.",
            told,
        )
    )
    return redirect(url_for("triage.action_page", action_id=action_id), 303)


def _delay(action_id: int, to: When, form: DelayForm) -> int:
    with writing():
        action, now = load(Action, action_id), clock.now()
        told = delay(action, to, form.reasons, access().role, now)
        overruling.record(action, form.overruled, now)
        return told


@blueprint.post("/promises/<int:promise_id>/progress")
@require(Role.agent)
def progress(promise_id: int) -> ResponseReturnValue:
    """How it stands, by hand, before the date; the next date goes with it."""
    promise = load(Promise, promise_id)
    form = SpokenProgressForm(promise.response.language)
    if not form.validate() or not form.next_on.data:
        return promise_pages.shown(promise, progress=form), 422
    try:
        successor_id = _tell(promise_id, form, When.by(form.next_on.data, g.timezone))
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return promise_pages.shown(load(Promise, promise_id), progress=form), refusal.status
    flash(_("Told. The next promise stands."))
    return redirect(url_for("promises.promise_page", promise_id=successor_id), 303)


def _tell(promise_id: int, form: SpokenProgressForm, to: When) -> int:
    with writing():
        promise, now = load(Promise, promise_id), clock.now()
        successor = tell_progress(promise, form.words.data or "", to, now)
        overruling.record(promise, form.overruled, now)
        return successor.id
