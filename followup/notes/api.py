"""REST: the notes of colleagues about a comment."""

from typing import Any

from flask import Response
from flask_babel import gettext as _
from marshmallow import fields, validate

from accounts.idempotency import once
from accounts.models import Staff
from core import clock
from core.access import Role, load, own, require
from core.api.bodies import Body, PageQuery
from core.api.rest import Answer, Blueprint, iso, list_of, moment, page
from core.errors import DomainError
from core.text import search_key
from followup.notes import noting
from surveys.queries import colleagues
from triage.models import Comment
from triage.models_notes import Note

blueprint = Blueprint(
    "notes_api", __name__, description="Notes of colleagues about a comment; respondents never read them"
)


class ColleaguesNoteBody(Body):
    text = fields.String(required=True, validate=validate.Length(1, noting.NOTED))
    mention = fields.List(
        fields.Email(),
        load_default=list,
        validate=validate.Length(max=50),
        metadata={"description": "Addresses of colleagues, besides those named in the text with an @."},
    )


class ColleaguesNoteAnswer(Answer):
    id = fields.Integer()
    text = fields.String(metadata={"description": "Empty when it was taken away."})
    by = fields.String()
    written_at = moment()
    taken_away_at = moment(allow_none=True)
    mentions = fields.List(fields.String(), metadata={"description": "Names of colleagues."})


@blueprint.get("/comments/<int:comment_id>/notes")
@require(Role.viewer)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(ColleaguesNoteAnswer))
def notes(query: dict[str, Any], comment_id: int) -> dict[str, Any]:
    """Oldest first."""
    comment = load(Comment, comment_id)
    rows, following = page(
        own(Note).where(Note.comment_id == comment.id), Note.id, query["after"], query["limit"]
    )
    return {"data": [as_json(n) for n in rows], "next": following}


@blueprint.post("/comments/<int:comment_id>/notes")
@require(Role.agent)
@blueprint.arguments(ColleaguesNoteBody)
@blueprint.alt_response(201, schema=ColleaguesNoteAnswer)
def note(body: dict[str, Any], comment_id: int) -> Response:
    """Write a note; who is mentioned is mailed once."""
    return once(lambda: _noted(load(Comment, comment_id), body))


def _noted(comment: Comment, body: dict[str, Any]) -> dict[str, Any]:
    staff = [*noting.named(body["text"], colleagues()).staff, *_colleagues(body["mention"])]
    return as_json(noting.note(comment, body["text"], None, staff, clock.now()))


def _colleagues(addresses: list[str]) -> list[Staff]:
    known = {search_key(s.email): s for s in colleagues()}
    strangers = [a for a in addresses if search_key(a) not in known]
    if strangers:
        raise DomainError(_("Nobody here has the address %(address)s.", address=strangers[0][:100]))
    return [known[search_key(a)] for a in addresses]


def as_json(note: Note) -> dict[str, Any]:
    return {
        "id": note.id, "text": note.text, "by": note.by, "written_at": iso(note.written_at),
        "taken_away_at": iso(note.taken_away_at), "mentions": sorted(m.staff.name for m in note.mentions),
    }  # fmt: skip
