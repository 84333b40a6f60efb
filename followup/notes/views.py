"""Notes of colleagues about a comment: written, taken away by who wrote them, and read by whom they mention."""

from collections.abc import Iterable
from typing import Any

from flask import flash, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.models import Staff
from core import clock
from core.access import Role, access, load, require
from core.db import db, writing
from core.errors import DomainError
from core.saying import written
from followup.notes import noting
from followup.person.forms import NoteForm
from followup.steps.views import INBOX
from followup.views import blueprint, comment_shown
from surveys.queries import colleagues
from triage.inbox.filters import Filters
from triage.models import Comment
from triage.models_notes import Note


@blueprint.app_context_processor
def notes_above_the_inbox() -> dict[str, Any]:
    """Notes that mention whoever looks at the inbox, which lies in a lower room."""
    if not has_request_context() or request.endpoint not in INBOX or not g.get("access"):
        return {}
    return {"notes_for_you": noting.unread(access().staff_id)}


@blueprint.post("/comments/<int:comment_id>/notes")
@require(Role.agent)
def notes(comment_id: int) -> ResponseReturnValue:
    """Write a note; who is ticked or named in it is mailed."""
    comment, form = load(Comment, comment_id), NoteForm(access().staff_id)
    if not form.validate():
        return comment_shown(comment, noted=form), 422
    found = noting.named(form.note.data or "", colleagues())
    ids = {s.id for s in found.staff} | form.ticked
    with writing():
        chosen = [s for s in colleagues() if s.id in ids]
        noting.note(load(Comment, comment_id), form.note.data or "", me(), chosen, clock.now())
        names = ", ".join(s.name for s in chosen if s.id != access().staff_id)
    _say(names, found.unknown)
    return _back(comment_id)


def me() -> Staff | None:
    """Whoever asks; nobody where a program does."""
    return db.session.get(Staff, access().staff_id) if access().staff_id else None


def _say(names: str, unknown: Iterable[str]) -> None:
    flash(_("Written down. Mailed to: %(names)s.", names=names) if names else _("Written down."))
    for word in unknown:
        flash(_("Nobody here is called “@%(word)s”, so nobody was told for that.", word=word), "error")


@blueprint.post("/notes/<int:note_id>/taking-away")
@require(Role.agent)
def note_away(note_id: int) -> ResponseReturnValue:
    """By its author; the line stays."""
    comment_id = load(Note, note_id).comment_id
    with written(_("Taken away."), refused=DomainError):
        noting.take_away(load(Note, note_id), access().staff_id, clock.now())
    return _back(comment_id)


@blueprint.post("/comments/<int:comment_id>/notes/reading")
@require(Role.viewer)
def notes_read(comment_id: int) -> ResponseReturnValue:
    """A mention has been read; looking at the page alone does not say so."""
    load(Comment, comment_id)
    reader = access().staff_id
    with writing():
        if reader:
            noting.read(load(Comment, comment_id), reader, clock.now())
    return _back(comment_id)


def _back(comment_id: int) -> ResponseReturnValue:
    args = Filters.read(request.args).as_args()
    return redirect(url_for("followup.comment_page", comment_id=comment_id, _anchor="notes", **args), 303)
