"""Large steps: how many people one reaches, three of the letters, and the manager's yes or no."""

from typing import Any

from flask import g, has_request_context, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, allowed, load, require
from core.saying import written
from followup.forms import RefusalForm
from followup.invitations.inviting_lists import waiting_lists
from followup.many.waiting import meant_for
from followup.models import LargeStep
from followup.steps import large_steps, step_lines
from followup.steps.sampling import samples
from followup.steps.writing_again import again
from followup.views import blueprint
from surveys.imports.files import waiting_imports

INBOX = ("triage.inbox", "followup.tags", "followup.tags_preview")
"""Endpoints that show it."""


@blueprint.app_context_processor
def above_the_inbox() -> dict[str, Any]:
    """What the inbox shows on top: it lies in a lower room, which does not know of steps and digests."""
    if not has_request_context() or request.endpoint not in INBOX or not g.get("access"):
        return {}
    held = access()
    found = step_lines.on_top(
        held.organisation_id, held.staff_id, manager=allowed(Role.manager), now=clock.now()
    )
    return {"on_top": found}


@blueprint.get("/large-steps")
@require(Role.viewer)
def steps_page() -> ResponseReturnValue:
    """What waits for a manager, and what was decided last."""
    return render_template(
        "followup/steps.html",
        waiting=step_lines.waiting_steps(),
        decided=step_lines.decided_steps(),
        imports=waiting_imports(),
        lists=waiting_lists(),
    )


@blueprint.get("/large-steps/<int:step_id>")
@require(Role.viewer)
def step_page(step_id: int) -> ResponseReturnValue:
    """How many, against a usual day, and exactly what three of them will read."""
    return _page(load(LargeStep, step_id), RefusalForm())


def _page(step: LargeStep, form: RefusalForm) -> str:
    shown = [] if step.decided_at else samples(step, clock.now())
    return render_template(
        "followup/step.html", step=step_lines.line(step), action_id=step.action_id, round_id=step.round_id,
        samples=shown, form=form, may_decide=allowed(Role.manager), times=large_steps.TIMES,
        own=step.asked_by_id is not None and step.asked_by_id == access().staff_id, again=again(step), may_tag=allowed(Role.agent), many=meant_for(step),
    )  # fmt: skip


@blueprint.post("/large-steps/<int:step_id>/approval")
@require(Role.manager)
def step_approval(step_id: int) -> ResponseReturnValue:
    """It goes on."""
    with written(_("Approved. They are told now.")):
        large_steps.approve(load(LargeStep, step_id), clock.now(), access().staff_id)
    return redirect(url_for("followup.step_page", step_id=step_id), 303)


@blueprint.post("/large-steps/<int:step_id>/refusal")
@require(Role.manager)
def step_refusal(step_id: int) -> ResponseReturnValue:
    """Nobody is told, and whoever asked reads why."""
    form = RefusalForm()
    if not form.validate():
        return _page(load(LargeStep, step_id), form), 422
    with written(_("Sent back. Nobody is told, and whoever asked reads why.")):
        large_steps.refuse(load(LargeStep, step_id), form.reason.data or "", clock.now())
    return redirect(url_for("followup.step_page", step_id=step_id), 303)
