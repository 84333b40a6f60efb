"""The comment on the desk: label it, say what was done about it, and read first what each respondent will read."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, access, allowed, load, require
from core.db import db, writing
from core.errors import DomainError
from core.settings import settings
from followup import overtaken
from followup.beside import put_beside
from followup.conversing import conversation_about
from followup.desk import desk
from followup.forms import SettlementForm
from followup.joined.joining import offers
from followup.joined.laying_mail import mails_alike
from followup.joined.standing_as_one import stands_for
from followup.notes.noting import notes_on, unread_by
from followup.overtaken import Overtaken
from followup.own_page.changing import earlier
from followup.person.forms import NoteForm
from followup.showing import add_to, added_words, letters_page, look_at, taken_words, with_words
from followup.steps.stepping import take_tags
from triage import meanwhile, queries, visiting
from triage.acting import drafted
from triage.forms import LabelsForm
from triage.inbox import inbox
from triage.inbox.filters import Filters
from triage.joining import members, with_those_joined
from triage.labelling import Labels, label
from triage.models import Action, Comment
from triage.parting import keep_part, part_of
from triage.views import desk_of, hold, read_ids, today
from triage.writing import overruling

blueprint = Blueprint("followup", __name__)
blueprint.add_app_template_filter(unread_by)
BESIDE = 25
"""Lines of the inbox beside a comment."""


@blueprint.get("/comments/<int:comment_id>")
@require(Role.viewer)
def comment_page(comment_id: int) -> ResponseReturnValue:
    """The list, the comment and its loop, side by side; of one that stands elsewhere on the desk, what stands there."""
    comment = load(Comment, comment_id)
    return to_comment(comment.complaint_id or 0) if comment.stands_elsewhere else comment_shown(comment)


def comment_shown(
    comment: Comment,
    form: SettlementForm | None = None,
    labels: LabelsForm | None = None,
    noted: NoteForm | None = None,
) -> str:
    """The page with its forms; those that were sent keep what was typed."""
    now, wanted = clock.now(), Filters.read(request.args)
    listed = inbox.page(desk_of(now), wanted, "", now, g.timezone, BESIDE)
    me, ticked = access().staff_id, read_ids("comment_ids")
    comment = on_the_desk(comment)
    shown = desk(comment, now, g.timezone, ticked)
    here = overtaken.opened([comment.id])
    ids, there = [comment.id, *ticked], [comment.id, *(row.id for row in shown.similar)]
    return render_template(
        "followup/comment.html", desk=shown, rows=listed.rows, args=wanted.as_args(), visits=visiting.others(comment.id, me, now), beat=visiting.BEAT,
        mark=here.seen[0],
        stand=overtaken.returned(ids, listed=there) if form else overtaken.opened(there),
        labelled=overtaken.returned([comment.id], meanwhile.LABELS) if labels else here,
        form=form or _form(now, comment), labels=labels or LabelsForm(comment), ticked=ticked,
        words=_sought(), notes=notes_on(comment), noted=noted or NoteForm(me), me=me, may_tag=allowed(Role.agent), may_clear=allowed(Role.manager), whose=comment.response, earlier=earlier(comment), stands_for=stands_for(comment), offered=offers(comment) if allowed(Role.agent) else [], turns=conversation_about([c.response for c in members(comment)]), mails=mails_alike(comment) if allowed(Role.agent) else [], hold_minutes=settings().hold_minutes,
    )  # fmt: skip


def _form(now: datetime, comment: Comment) -> SettlementForm:
    """Actions that hold the words somebody looks for, else the last ones; and the one that was chosen already."""
    chosen = next(iter(read_ids("choice")), None)
    listed, emotion = queries.choices(_sought(), chosen), comment.emotion or ""
    owner, language = str(access().staff_id or ""), comment.response.language
    return SettlementForm(today(now), listed, language, emotion=emotion, owner=owner)


def _sought() -> str:
    """The words somebody looks for in the actions."""
    return request.values.get("find", "").replace("\x00", "").strip()[:200]


@blueprint.post("/comments/<int:comment_id>/labels")
@require(Role.agent)
def labels(comment_id: int) -> ResponseReturnValue:
    """How it sounds, what it is about, whose it is."""
    comment = on_the_desk(load(Comment, comment_id))
    comment_id, form = comment.id, LabelsForm(comment)
    if not form.validate():
        return comment_shown(comment, labels=form), 422
    try:
        with writing():
            meanwhile.lock([comment_id])
            overtaken.refuse([comment_id], meanwhile.LABELS)
            label(load(Comment, comment_id), _with_theirs(form.labels(), comment_id), clock.now())
    except Overtaken as late:
        return comment_shown(load(Comment, comment_id), labels=form), late.status
    flash(_("Saved."))
    return to_comment(comment_id)


def on_the_desk(comment: Comment) -> Comment:
    """It, or what stands there for it: another window may have joined it meanwhile."""
    return comment.complaint or comment


def _with_theirs(labels: Labels, comment_id: int) -> Labels:
    """Where somebody labelled it meanwhile and both are to hold: the themes of both."""
    if not overtaken.also():
        return labels
    theirs = load(Comment, comment_id).themes
    return replace(labels, themes=list(dict.fromkeys([*theirs, *labels.themes])))


@blueprint.post("/comments/<int:comment_id>/settlement")
@require(Role.agent)
def settlement(comment_id: int) -> ResponseReturnValue:
    """Say what was done about this comment, and about others that were ticked: `step` is preview, edit or settle."""
    comment, now, step = load(Comment, comment_id), clock.now(), request.form.get("step", "settle")
    form = _form(now, comment)
    if step == "edit":
        return comment_shown(comment, form)
    if not form.validate():
        return comment_shown(comment, form), 422
    ids = [comment_id, *read_ids("comment_ids")]
    try:
        part_of(comment, form.part.data or "")
        overtaken.refuse(ids)
        return _preview(comment, form, ids, now) if step == "preview" else _settle(comment_id, form, ids, now)
    except Overtaken as late:
        return comment_shown(load(Comment, comment_id), form), late.status
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return comment_shown(load(Comment, comment_id), form), refusal.status


def _settle(comment_id: int, form: SettlementForm, ids: list[int], now: datetime) -> ResponseReturnValue:
    more = added_words()
    with writing():
        make_way(ids, now)
        choice = load(Action, form.action_id) if form.action_id else with_words(form.decision(), more)
        if isinstance(choice, Action):
            add_to(choice, more, now)
            overruling.record(load(Comment, comment_id), form.overruled, now)
        taken = take_tags(
            queries.comments(ids), choice, access().staff_id, hold(), today(now), now,
            may_approve=allowed(Role.manager), own_words=with_those_joined([comment_id]) if form.wish().words else [],
        )  # fmt: skip
        keep_part(taken.tags, load(Comment, comment_id), form.part.data or "")
        put_beside(taken.tags, load(Comment, comment_id), form.wish())
        step, said = taken.step.id if taken.step else 0, taken_words(taken)
    flash(said)
    return look_at(step) if step and allowed(Role.manager) else to_comment(comment_id)


def make_way(ids: list[int], now: datetime) -> None:
    """Inside `writing()`: nobody else does anything with these now; Overtaken when somebody did meanwhile."""
    meanwhile.lock(ids)
    overtaken.refuse(ids)
    overtaken.put_aside(ids, now)


def _preview(comment: Comment, form: SettlementForm, ids: list[int], now: datetime) -> str:
    action = load(Action, form.action_id) if form.action_id else _unkept(form, now)
    back = url_for("followup.settlement", comment_id=comment.id, **Filters.read(request.args).as_args())
    cancel = url_for("followup.comment_page", comment_id=comment.id)
    wishes = {comment.id: form.wish()}
    return letters_page(action, queries.comments(ids), back, cancel, editable=True, wishes=wishes)


def _unkept(form: SettlementForm, now: datetime) -> Action:
    """The action as it would be; its owner is looked up, since it is not in the database."""
    action = drafted(access().organisation_id, form.decision(), today(now), now)
    with db.session.no_autoflush:
        action.owner = queries.owner(action.owner_id)
    return action


def to_comment(comment_id: int) -> ResponseReturnValue:
    return redirect(
        url_for("followup.comment_page", comment_id=comment_id, **Filters.read(request.args).as_args()), 303
    )
