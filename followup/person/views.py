"""A message to one respondent: written on a page of its own, read first as they will read it."""

from datetime import datetime

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.access import Role, access, allowed, load, require
from core.db import writing
from core.errors import DomainError
from followup import overtaken
from followup.overtaken import Overtaken, Stand
from followup.person.forms import MessageForm, message_form
from followup.person.writing_to_one import unsent, write_to
from followup.showing import letters_page, taken_words
from followup.views import blueprint, make_way, to_comment
from triage.models import Comment
from triage.views import hold, today


@blueprint.get("/comments/<int:comment_id>/message")
@require(Role.agent)
def message_page(comment_id: int) -> ResponseReturnValue:
    """An empty message."""
    comment = load(Comment, comment_id)
    return _page(comment, _form(comment, clock.now()), overtaken.opened([comment.id]))


@blueprint.post("/comments/<int:comment_id>/message")
@require(Role.agent)
def message(comment_id: int) -> ResponseReturnValue:
    """`step` is preview, edit or settle: what is sent after the hold is what was read."""
    comment, now, step = load(Comment, comment_id), clock.now(), request.form.get("step", "settle")
    form = _form(comment, now)
    if step == "edit":
        return _page(comment, form)
    if not form.validate():
        return _page(comment, form), 422
    try:
        overtaken.refuse([comment_id])
        return _preview(comment, form, now) if step == "preview" else _send(comment_id, form, now)
    except Overtaken as late:
        return _page(load(Comment, comment_id), form), late.status
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return _page(load(Comment, comment_id), form), refusal.status


def _form(comment: Comment, now: datetime) -> MessageForm:
    owner, emotion = str(access().staff_id or ""), comment.emotion or ""
    return message_form(comment.response.language, today(now), owner=owner, emotion=emotion)


def _page(comment: Comment, form: MessageForm, stand: Stand | None = None) -> str:
    customer, stand = comment.response.customer, stand or overtaken.returned([comment.id])
    return render_template(
        "followup/message.html", comment=comment, name=customer.name if customer else "", form=form, stand=stand,
        language=comment.response.language, declined=comment.response.declined_at is not None,
    )  # fmt: skip


def _preview(comment: Comment, form: MessageForm, now: datetime) -> str:
    action = unsent(comment, form.decision(), access().staff_id, today(now), now)
    back = url_for("followup.comment_page", comment_id=comment.id)
    return letters_page(
        action, [comment], request.path, back, editable=True, wishes={comment.id: form.wish()}
    )


def _send(comment_id: int, form: MessageForm, now: datetime) -> ResponseReturnValue:
    with writing():
        make_way([comment_id], now)
        taken = write_to(
            load(Comment, comment_id),
            form.decision(),
            access().staff_id,
            form.wish(),
            hold(),
            today(now),
            now,
            may_approve=allowed(Role.manager),
        )
        said = taken_words(taken)
    flash(said)
    return to_comment(comment_id)
