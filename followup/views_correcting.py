"""Correct what was told: what holds now, who hears it, what they read, and who cannot be reached."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, access, load, require
from core.db import db, writing
from core.errors import Conflict, DomainError
from followup.correcting import correct, heard
from followup.hearers import hearers
from followup.previewing import previews
from followup.views import blueprint
from triage import queries
from triage.acting import decide, drafted
from triage.forms_actions import DecisionForm
from triage.models import Action
from triage.views import today

SAMPLES = 3
"""Letters that are shown before they are sent: the others differ in names and quoted words."""


@blueprint.post("/actions/<int:action_id>/correction")
@require(Role.manager)
def correction(action_id: int) -> ResponseReturnValue:
    """`step` is preview, edit or tell."""
    wrong, now, step = load(Action, action_id), clock.now(), request.form.get("step", "tell")
    if wrong.withdrawn_at:
        raise Conflict(_("This was corrected already."))
    form = DecisionForm(today(now), owner=str(access().staff_id or ""))
    if step == "edit":
        return _form(form, wrong)
    if not form.validate():
        return _form(form, wrong), 422
    return _preview(form, wrong, now) if step == "preview" else _tell(form, action_id, now)


def _form(form: DecisionForm, wrong: Action) -> str:
    return render_template("triage/new_action.html", form=form, wrong=wrong)


def _preview(form: DecisionForm, wrong: Action, now: datetime) -> str:
    """What was typed goes along unseen, so that what is confirmed is what was read."""
    action = drafted(access().organisation_id, form.decision(), today(now), now, corrects=wrong)
    with db.session.no_autoflush:
        action.owner = queries.owner(action.owner_id)
    told = heard(wrong)
    found = hearers(told)
    kept = [(n, v) for n, v in request.form.items(multi=True) if n not in {"csrf_token", "step"}]
    return render_template(
        "followup/correction.html", wrong=wrong, action=action, hearers=found, kept=kept,
        previews=previews([c for c in told if c.response_id in found.first(SAMPLES)], action, now),
    )  # fmt: skip


def _tell(form: DecisionForm, action_id: int, now: datetime) -> ResponseReturnValue:
    try:
        with writing():
            told, id = _corrected(action_id, form, now)
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return _form(form, load(Action, action_id)), refusal.status
    flash(ngettext("%(num)d comment hears what holds now.", "%(num)d comments hear what holds now.", told))
    return redirect(url_for("triage.action_page", action_id=id), 303)


def _corrected(action_id: int, form: DecisionForm, now: datetime) -> tuple[int, int]:
    """(comments whose people hear it, id of what holds now)"""
    wrong = load(Action, action_id)
    right = decide(access().organisation_id, form.decision(), today(now), now, corrects=wrong)
    db.session.flush()
    return correct(wrong, right, now), right.id
