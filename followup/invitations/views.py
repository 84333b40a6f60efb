"""Where staff ask people: a list is given, looked at, confirmed; a large one waits for a manager."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, allowed, load, require
from core.db import writing
from core.errors import DomainError
from core.uploads import takes
from followup.forms import RefusalForm
from followup.invitations import inviting_lists
from followup.invitations.forms import InviteForm
from followup.steps.large_steps import TIMES
from followup.views import blueprint
from surveys.invitations import inviting
from surveys.invitations.frequency import between
from surveys.invitations.models import InvitationList
from surveys.models import Survey

SHOWN = 500
"""Problems on a page."""
MEGABYTES = 8


@blueprint.get("/surveys/<int:survey_id>/invitations/new")
@require(Role.agent)
def invite_page(survey_id: int) -> ResponseReturnValue:
    """A list to paste, or a file."""
    return _form(load(Survey, survey_id), InviteForm(formdata=None))


@blueprint.post("/surveys/<int:survey_id>/invitations/new")
@takes(MEGABYTES)
@require(Role.agent)
def invite(survey_id: int) -> ResponseReturnValue:
    """Read the list; nobody is asked before it was looked at."""
    survey, form, now = load(Survey, survey_id), InviteForm(), clock.now()
    if not form.validate():
        return _form(survey, form), 422
    try:
        list = inviting_lists.judged(survey, form.rows(), now)
        with writing():
            made = inviting_lists.draw_up(list, form.hours, now).id
    except DomainError as error:
        form.people.errors = [error.sentence]
        return _form(load(Survey, survey_id), form), error.status
    return redirect(url_for("followup.list_page", list_id=made), 303)


def _form(survey: Survey, form: InviteForm) -> str:
    return render_template(
        "followup/invite.html",
        survey=survey,
        form=form,
        days=between(survey).days,
        times=TIMES,
        megabytes=MEGABYTES,
    )


@blueprint.get("/invitation-lists/<int:list_id>")
@require(Role.agent)
def list_page(list_id: int) -> ResponseReturnValue:
    """Who will be asked, who will not and why, and what they will read."""
    return _page(load(InvitationList, list_id), RefusalForm(formdata=None))


def _page(drawn: InvitationList, form: RefusalForm) -> str:
    return render_template(
        "followup/invitation_list.html", drawn=drawn, survey=drawn.survey, problems=drawn.problems[:SHOWN], form=form,
        samples=inviting_lists.samples(drawn, clock.now()), may_decide=allowed(Role.manager),
        own=drawn.asked_by_id is not None and drawn.asked_by_id == access().staff_id, later=sum(1 for row in drawn.rows if row[4]),
    )  # fmt: skip


@blueprint.post("/invitation-lists/<int:list_id>/confirmation")
@require(Role.agent)
def list_confirmation(list_id: int) -> ResponseReturnValue:
    """Ask them, or ask a manager first."""
    with writing():
        drawn = load(InvitationList, list_id)
        inviting_lists.confirm(drawn, access().staff_id, clock.now())
        survey_id, waits = drawn.survey_id, drawn.state == "waiting"
    if waits:
        flash(_("So many that a manager looks first: they have been written to."))
        return redirect(url_for("followup.list_page", list_id=list_id), 303)
    flash(_("They are asked now."))
    return redirect(url_for("surveys.asked_page", survey_id=survey_id), 303)


@blueprint.post("/invitation-lists/<int:list_id>/release")
@require(Role.manager)
def list_release(list_id: int) -> ResponseReturnValue:
    """It goes on."""
    with writing():
        inviting.release(load(InvitationList, list_id), clock.now())
    flash(_("Approved. They are asked now."))
    return redirect(url_for("followup.list_page", list_id=list_id), 303)


@blueprint.post("/invitation-lists/<int:list_id>/refusal")
@require(Role.manager)
def list_refusal(list_id: int) -> ResponseReturnValue:
    """Nobody is asked, and whoever wanted it reads why."""
    form = RefusalForm()
    if not form.validate():
        return _page(load(InvitationList, list_id), form), 422
    with writing():
        inviting.refuse(load(InvitationList, list_id), form.reason.data or "", clock.now())
    flash(_("Sent back. Nobody is asked, and whoever wanted it reads why."))
    return redirect(url_for("followup.list_page", list_id=list_id), 303)
