"""What is owed, and moving it before it falls due."""

from dataclasses import replace

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, allowed, load, require
from promises import queries, wording
from promises.forms import MoveForm, ProgressForm
from promises.lines import line
from promises.models import Promise
from surveys.queries import colleagues, lines

blueprint = Blueprint("promises", __name__)
for _words in (wording.what, wording.why_owed, wording.how_told, wording.why_not, wording.row_lost):
    blueprint.add_app_template_filter(_words)


@blueprint.get("/promises")
@require(Role.viewer)
def promises_page() -> ResponseReturnValue:
    """Open promises, the most overdue first."""
    wanted, now = queries.Wanted.read(request.args), clock.now()
    organisation_id = access().organisation_id
    return render_template(
        "promises/promises.html", listed=queries.page(organisation_id, wanted, request.args.get("after", ""), now, g.timezone),
        wanted=wanted, dues=_dues(wanted, queries.due(organisation_id, now, g.timezone)), surveys=[s.survey for s in lines()], staff=colleagues(),
        mine=[] if wanted.as_args() else queries.mine(organisation_id, access().staff_id, now, g.timezone),
    )  # fmt: skip


def _dues(wanted: queries.Wanted, due: queries.Due) -> list[tuple[str, str, bool, int]]:
    """(label, address, whether it is this one, how many)"""
    labels = {
        "": (_("all"), 0),
        "late": (_("late"), due.late),
        "today": (_("today"), due.today),
        "week": (_("this week"), due.week),
    }
    return [(label, _at(wanted, name), wanted.due == name, n) for name, (label, n) in labels.items()]


def _at(wanted: queries.Wanted, due: str) -> str:
    return url_for("promises.promises_page", **replace(wanted, due=due).as_args())


@blueprint.get("/promises/<int:promise_id>")
@require(Role.viewer)
def promise_page(promise_id: int) -> ResponseReturnValue:
    """One promise with the chain that led to it, and the form that moves it."""
    promise = load(Promise, promise_id)
    return shown(promise)


def shown(promise: Promise, form: MoveForm | None = None, progress: ProgressForm | None = None) -> str:
    """The page with its forms; the one that was sent keeps what was typed."""
    now, form = clock.now(), form or MoveForm(promise, g.timezone)
    return render_template(
        "promises/promise.html", form=form, progress=progress or ProgressForm(formdata=None), may_tell=allowed(Role.agent), line=line(promise, now, g.timezone), can_move=_can_move(promise), language=promise.response.language,
        chain=[line(p, now, g.timezone) for p in queries.chain(promise)],
    )  # fmt: skip


def _can_move(promise: Promise) -> str:
    """yes, ended, late, or manager when it is one who may."""
    if promise.ended_at:
        return "ended"
    if promise.kind == "outcome":
        return "plan"
    if clock.now() > promise.due_at:
        return "late"
    return (
        "manager"
        if promise.moves and not allowed(Role.manager)
        else "yes"
        if allowed(Role.agent)
        else "agent"
    )
