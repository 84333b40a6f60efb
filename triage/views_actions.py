"""What was done, planned, or decided against: the list, one of them, a new one."""

from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, allowed, load, require
from core.application import language_name
from core.db import db, writing
from core.ids import row_id
from triage import queries, wording
from triage.acting import Decision, decide
from triage.forms_actions import CompletionForm, DecisionForm
from triage.forms_plans import DelayForm, WaitingForm
from triage.history import history
from triage.inbox.rows import rows
from triage.models import KINDS, Action
from triage.views import blueprint, today
from triage.waiting import go_on, wait


@blueprint.get("/actions")
@require(Role.viewer)
def actions() -> ResponseReturnValue:
    """All of them, newest first; narrowed to a kind, or to words in the title."""
    kind, words = (request.args.get(name, "").replace("\x00", "")[:200] for name in ("kind", "q"))
    page = queries.actions(
        kind if kind in KINDS else "", words.strip(), request.args.get("before", type=row_id)
    )
    return render_template(
        "triage/actions.html",
        listed=page,
        kind=kind,
        words=words,
        kinds=_kinds(kind, words),
        may_write=allowed(Role.agent),
    )


def _kinds(chosen: str, words: str) -> list[tuple[str, str, bool]]:
    """(kind, address, whether it is this one)"""
    return [
        (k, url_for("triage.actions", kind=k or None, q=words or None), k == chosen) for k in ("", *KINDS)
    ]


@blueprint.get("/actions/new")
@require(Role.agent)
def new_action() -> ResponseReturnValue:
    """An empty form; `?corrects=` names the action that was told wrongly."""
    return _form(_blank(), _wrong())


@blueprint.post("/actions")
@require(Role.agent)
def create() -> ResponseReturnValue:
    """Write an action down; comments are tagged with it later."""
    form = _blank()
    if not form.validate():
        return _form(form, None), 422
    id = _decided(form.decision())
    flash(_("Written down. Now choose the comments that it answers."))
    return redirect(url_for("triage.action_page", action_id=id), 303)


def _decided(decision: Decision) -> int:
    now = clock.now()
    with writing():
        action = decide(access().organisation_id, decision, today(now), now)
        db.session.flush()
        return action.id


def _blank() -> DecisionForm:
    return DecisionForm(today(clock.now()), owner=str(access().staff_id or ""))


def _wrong() -> Action | None:
    id = request.args.get("corrects", type=row_id)
    return load(Action, id) if id else None


def _form(form: DecisionForm, wrong: Action | None) -> str:
    return render_template("triage/new_action.html", form=form, wrong=wrong)


@blueprint.get("/actions/<int:action_id>")
@require(Role.viewer)
def action_page(action_id: int) -> ResponseReturnValue:
    """Its words, its days, and the comments that it answers."""
    return shown(load(Action, action_id))


@blueprint.post("/actions/<int:action_id>/waiting")
@require(Role.agent)
def waits(action_id: int) -> ResponseReturnValue:
    """It waits for somebody: messages about it say so from now on."""
    action, now = load(Action, action_id), clock.now()
    form = WaitingForm(action, today(now))
    if not form.validate():
        return shown(action, waiting=form), 422
    with writing():
        wait(load(Action, action_id), form.waiting(), today(now), now)
    flash(_("Kept. The next message about this plan says so."))
    return redirect(url_for("triage.action_page", action_id=action_id), 303)


@blueprint.post("/actions/<int:action_id>/going-on")
@require(Role.agent)
def goes_on(action_id: int) -> ResponseReturnValue:
    """It waits for nobody any more."""
    with writing():
        go_on(load(Action, action_id), clock.now())
    flash(_("It waits for nobody any more."))
    return redirect(url_for("triage.action_page", action_id=action_id), 303)


def shown(
    action: Action,
    completion: CompletionForm | None = None,
    delay: DelayForm | None = None,
    waiting: WaitingForm | None = None,
) -> str:
    """The page with its forms; those that were sent keep what was typed."""
    now, notes = (
        clock.now(),
        [(x, wording.dated(words, action, x)) for x, words in action.public_note.items()],
    )
    return render_template(
        "triage/action.html", line=queries.action_line(action), rows=rows(queries.comments_of(action), now, g.timezone),
        notes=notes, names={language: language_name(language) for language, _words in notes}, reason=action.reason,
        theme=action.theme.name if action.theme else None, completion=completion or CompletionForm(today(now)),
        delay=delay or DelayForm(formdata=None), waiting=waiting or WaitingForm(action, today(now)), can_move=_can_move(action, today(now)), waits=action, history=history(action),
        may_write=allowed(Role.agent), may_correct=allowed(Role.manager),
    )  # fmt: skip


def _can_move(action: Action, today: date) -> str:
    """yes, late, dateless, or manager when it is one who may; empty for what has no date to move."""
    if action.kind != "planned" or action.withdrawn_at or not action.due_on:
        return ""
    if action.dateless:
        return "dateless"
    if action.due_on < today:
        return "late"
    return "manager" if action.moves and not allowed(Role.manager) else "yes"
