"""A plan that will be late, and a word on how something stands: told at once to whom it concerns."""

from datetime import date
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, access, load, require
from core.application import LANGUAGES
from core.db import writing
from core.errors import DomainError
from followup.forms import SpokenMoveForm, SpokenProgressForm
from followup.plans.delaying import delay, readers
from followup.plans.progressing import tell_progress
from followup.showing import ADDED, added_words, missing
from followup.views import blueprint
from promises import views as promise_pages
from promises.models import Promise
from promises.moving import When, move
from triage.forms_plans import REASON, DelayForm
from triage.models import Action
from triage.views_actions import shown
from triage.writing import overruling


@blueprint.app_context_processor
def who_reads_the_reason() -> dict[str, Any]:
    """The page of a plan lies in a lower room, which does not know who was told it and in which language they read."""
    return {"readers_of": lambda action_id: _readers(load(Action, action_id))}


def _readers(action: Action) -> tuple[dict[str, int], list[tuple[str, str, str, int]]]:
    """(language → people; a field for each of their languages that the form has none for, as in followup.showing)"""
    found = readers(action)
    return found, missing({language: n for language, n in found.items() if language not in LANGUAGES})


@blueprint.post("/actions/<int:action_id>/moves")
@require(Role.agent)
def plan_moves(action_id: int) -> ResponseReturnValue:
    """A later date with its reason, for everyone who was told the old one."""
    form = DelayForm(
        also="".join(request.form.get(name, "") for name in request.form if name.startswith(ADDED))
    )
    if not form.validate() or not form.due_on.data:
        return shown(load(Action, action_id), delay=form), 422
    try:
        reasons = added_words(REASON) | form.reasons
        told = _delay(action_id, form.due_on.data, form, reasons)
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


def _delay(action_id: int, to: date, form: DelayForm, reasons: dict[str, str]) -> int:
    with writing():
        action, now = load(Action, action_id), clock.now()
        told = delay(action, to, reasons, access().role, now)
        overruling.record(action, form.overruled, now)
        return told


@blueprint.post("/promises/<int:promise_id>/moves")
@require(Role.agent)
def promise_moves(promise_id: int) -> ResponseReturnValue:
    """Give a later date with its reason; the next message says so."""
    promise = load(Promise, promise_id)
    form = SpokenMoveForm(promise, g.timezone)
    if not form.validate() or not form.due_on.data:
        return promise_pages.shown(promise, form), 422
    try:
        successor_id = _move(promise_id, form, When.by(form.due_on.data, g.timezone))
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return promise_pages.shown(load(Promise, promise_id), form), refusal.status
    flash(_("Moved. The respondent reads the new date and your reason in the next message."))
    return redirect(url_for("promises.promise_page", promise_id=successor_id), 303)


def _move(promise_id: int, form: SpokenMoveForm, to: When) -> int:
    with writing():
        promise, now = load(Promise, promise_id), clock.now()
        successor = move(promise, to, form.reasons, access().role, now)
        overruling.record(promise, form.overruled, now)
        return successor.id


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
