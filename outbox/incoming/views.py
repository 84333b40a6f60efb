"""Mail that came in: the list with what became of each, one with all its words, and its attachments, which are only ever downloaded."""

import re
from email import message_from_bytes
from urllib.parse import quote

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.access import Role, load, own, require
from core.db import db
from core.ids import row_id
from outbox import wording
from outbox.incoming.models import Attachment, IncomingMessage
from outbox.incoming.words import plain_text
from outbox.queries import PAGE
from outbox.views import blueprint

blueprint.add_app_template_filter(wording.remark)
blueprint.add_app_template_filter(wording.not_kept)


@blueprint.get("/mailbox/incoming")
@require(Role.viewer)
def incoming() -> str:
    """What is about a message of this organisation, newest first."""
    query = own(IncomingMessage).order_by(IncomingMessage.id.desc()).limit(PAGE + 1)
    before = request.args.get("before", type=row_id)
    rows = db.session.scalars(query.where(IncomingMessage.id < before) if before else query).all()
    return render_template(
        "mailbox/incoming.html", rows=rows[:PAGE], next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        kinds=wording.KINDS, outcomes=wording.OUTCOMES,
    )  # fmt: skip


@blueprint.get("/mailbox/incoming/<int:incoming_id>")
@require(Role.viewer)
def incoming_page(incoming_id: int) -> str:
    """One of them: its words as they were taken, and all of them with what it quotes."""
    came = load(IncomingMessage, incoming_id)
    raw = db.session.scalar(select(IncomingMessage.raw).where(IncomingMessage.id == came.id)) or b""
    return render_template(
        "mailbox/incoming_message.html",
        came=came,
        whole=_whole(raw),
        kinds=wording.KINDS,
        outcomes=wording.OUTCOMES,
    )


def _whole(raw: bytes) -> str:
    try:
        return plain_text(message_from_bytes(raw))
    except RecursionError:
        return ""


@blueprint.get("/attachments/<int:attachment_id>")
@require(Role.viewer)
def attachment(attachment_id: int) -> ResponseReturnValue:
    """To be saved, never to be opened by a browser: by its content's type, with nothing that a program could run."""
    file = load(Attachment, attachment_id)
    if file.refused:
        abort(404)
    content = db.session.scalar(select(Attachment.content).where(Attachment.id == file.id))
    made = Response(content, mimetype=file.kind)
    made.headers["Content-Disposition"] = (
        f"attachment; filename=\"{_plain(file.name)}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    )
    return made


def _plain(name: str) -> str:
    """For programs that read only ASCII."""
    return re.sub(r"[^A-Za-z0-9._() -]", "_", name)
