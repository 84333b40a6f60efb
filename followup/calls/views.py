"""Calls to make: whom, what to say, and what came of it."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, allowed, load, require
from core.db import writing
from core.errors import DomainError
from followup.calls.calling import Call, calls, how_many, record
from followup.calls.forms import CallForm
from followup.views import blueprint
from outbox.models import Message


@blueprint.get("/calls")
@require(Role.viewer)
def calls_page() -> str:
    """One's own first, then what was promised first."""
    return _page()


@blueprint.post("/calls/<int:message_id>/outcome")
@require(Role.agent)
def call_outcome(message_id: int) -> ResponseReturnValue:
    """Reached, or not: only the first of these is told."""
    form, now = CallForm(), clock.now()
    load(Message, message_id)
    if not form.validate():
        return _page(message_id, form), 422
    try:
        with writing():
            state = record(
                load(Message, message_id), form.outcome.data, form.note.data or "", now,
                seen=form.seen.data or 0, again_at=form.again_at(g.timezone, now),
            )  # fmt: skip
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return _page(message_id, form), refusal.status
    flash(_noted(state))
    return redirect(url_for("followup.calls_page"), 303)


def _noted(state: str) -> str:
    if state == "sent":
        return _("Noted, under your name: they heard it.")
    if state == "queued":
        return _("Noted, under your name. The call comes back on its day.")
    return _("Noted, under your name. Nobody calls them about this any more.")


def _page(message_id: int = 0, form: CallForm | None = None) -> str:
    """With a form under each call; the one that was sent keeps what was typed."""
    now, organisation_id = clock.now(), access().organisation_id
    found = calls(organisation_id, access().staff_id, g.timezone, now)
    there = {call.id for call in found}
    return render_template(
        "followup/calls.html", calls=[(call, _form(call, message_id, form)) for call in found], now=now,
        more=how_many(organisation_id) - len(found), may_call=allowed(Role.agent), gone=form if form and message_id not in there else None,
    )  # fmt: skip


def _form(call: Call, message_id: int, sent: CallForm | None) -> CallForm:
    """Each with ids of its own."""
    form = sent if sent and call.id == message_id else CallForm(formdata=None, data={"seen": call.seen})
    for field in form:
        field.id = f"{field.name}-{call.id}"
    return form
