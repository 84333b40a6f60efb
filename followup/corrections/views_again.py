"""A plan that is done, and an action that was told wrongly: read first who hears it again, and in which words."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, access, allowed, load, require
from core.db import db, writing
from core.errors import DomainError
from followup.previewing import SHOWN
from followup.showing import add_to, added_words, look_at, preview_page, waits_words, with_words
from followup.steps.sampling import correction_previews, done_previews
from followup.steps.stepping import size_of_again, size_of_correction, take_correction, take_done
from followup.views import blueprint
from triage import queries
from triage.acting import Decision, decide, drafted, refuse_unplanned
from triage.forms_actions import CompletionForm, DecisionForm
from triage.models import Action
from triage.views import today
from triage.views_actions import shown


@blueprint.post("/actions/<int:action_id>/completion")
@require(Role.agent)
def completion(action_id: int) -> ResponseReturnValue:
    """A plan is done: everyone who was told it is planned hears so. `step` preview shows it first."""
    action, now = load(Action, action_id), clock.now()
    form = CompletionForm(today(now))
    if not form.validate():
        return shown(action, completion=form), 422
    done_on = form.done_on.data or today(now)
    if request.form.get("step") == "preview":
        refuse_unplanned(action)
        cancel = url_for("triage.action_page", action_id=action_id)
        found = done_previews(action, done_on, now, SHOWN)
        return preview_page(
            action, found, size_of_again(action, now), request.path, cancel, label=_("It is done: tell them")
        )
    more = added_words()
    with writing():
        plan = load(Action, action_id)
        add_to(plan, more, now)
        taken = take_done(plan, done_on, access().staff_id, now)
        step, told, by_digest = taken.step.id if taken.step else 0, taken.count, taken.by_digest
    words = ngettext("Done. %(num)d comment is told so now.", "Done. %(num)d comments are told so now.", told)
    words = f"{words} {_too(by_digest)}".strip()
    return _taken(step, told, words, action_id)


def _taken(step: int, told: int, words: str, action_id: int) -> ResponseReturnValue:
    flash(waits_words(told) if step else words)
    if step and allowed(Role.manager):
        return look_at(step)
    return redirect(url_for("triage.action_page", action_id=action_id), 303)


@blueprint.post("/actions/<int:action_id>/correction")
@require(Role.manager)
def correction(action_id: int) -> ResponseReturnValue:
    """What was told wrongly is put right for everyone who heard it. `step` preview shows it first, edit goes back."""
    wrong, now, step = load(Action, action_id), clock.now(), request.form.get("step")
    if wrong.withdrawn_at:
        abort(409, _("This was corrected already."))
    form = DecisionForm(today(now), owner=str(access().staff_id or ""))
    if step == "edit" or not form.validate():
        return render_template(
            "triage/new_action.html", form=form, wrong=wrong
        ), 200 if step == "edit" else 422
    try:
        if step == "preview":
            return _correction_page(wrong, form.decision())
        waits, told, id, by_digest = _corrected(action_id, form.decision())
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return render_template(
            "triage/new_action.html", form=form, wrong=load(Action, action_id)
        ), refusal.status
    return _taken(waits, told, hear_now(told, by_digest), id)


def hear_now(told: int, by_digest: int) -> str:
    """What came of a correction."""
    words = ngettext("%(num)d comment hears what holds now.", "%(num)d comments hear what holds now.", told)
    return f"{words} {_too(by_digest)}".strip()


def _too(by_digest: int) -> str:
    return ngettext(
        "So does %(num)d person who read it in “You said, we did”.",
        "So do %(num)d people who read it in “You said, we did”.", by_digest,
    ) if by_digest else ""  # fmt: skip


def _correction_page(wrong: Action, decision: Decision) -> str:
    now = clock.now()
    right = drafted(access().organisation_id, decision, today(now), now, corrects=wrong)
    with db.session.no_autoflush:
        right.owner = queries.owner(right.owner_id)
        by = access().staff_id
        right.signed_by = queries.owner(by) if wrong.comment_id and by else None
    return preview_page(
        right, correction_previews(wrong, right, now, SHOWN), size_of_correction(wrong, now), request.path,
        url_for("triage.action_page", action_id=wrong.id), label=_("Tell everybody what holds now"), editable=True,
    )  # fmt: skip


def _corrected(action_id: int, decision: Decision) -> tuple[int, int, int, int]:
    """(the step that waits or 0, how many hear it, the id of what holds now, how many people by a digest)"""
    now, worded = clock.now(), with_words(decision, added_words())
    with writing():
        wrong = load(Action, action_id)
        right = decide(wrong.organisation_id, worded, today(now), now, corrects=wrong)
        taken = take_correction(wrong, right, access().staff_id, now)
        db.session.flush()
        step_id, right_id = taken.step.id if taken.step else 0, taken.action.id if taken.action else 0
        return step_id, taken.count, right_id, taken.by_digest
