"""REST: asking customers, each by a link of their own."""

from typing import Any

from flask import Response

from accounts.idempotency import once
from core import clock
from core.access import Role, access, require
from core.api.rest import Blueprint
from followup.invitations import inviting_lists
from followup.invitations.shapes import Invitations, InvitationsBody
from surveys.api import by_slug
from surveys.invitations import inviting
from surveys.invitations.models import InvitationList

blueprint = Blueprint("inviting_api", __name__, description="Asking customers by a link of their own")


@blueprint.post("/surveys/<slug>/invitations")
@require(Role.agent)
@blueprint.arguments(InvitationsBody)
@blueprint.alt_response(201, schema=Invitations)
@blueprint.alt_response(202, schema=Invitations)
def invite(body: dict[str, Any], slug: str) -> Response:
    """Ask customers. Whoever left, was asked within 30 days (90 for NPS) or has no sound address is left out, with the reason."""
    return once(lambda: _invited(slug, body), lambda made: 202 if made["state"] == "waiting" else 201)


def _invited(slug: str, body: dict[str, Any]) -> dict[str, Any]:
    survey, now = by_slug(slug), clock.now()
    found = inviting_lists.judged_customers(survey, body["customers"], now)
    drawn = inviting_lists.draw_up(found, inviting.DELAY, now, body["send_at"])
    left_out = [{"line": line, "email": words, "why": why} for line, words, why in drawn.problems]
    if drawn.people:
        inviting_lists.confirm(drawn, access().staff_id, now)
    else:
        inviting.finish(drawn, now)
    return _as_json(drawn, left_out)


def _as_json(drawn: InvitationList, left_out: list[dict[str, Any]]) -> dict[str, Any]:
    return {"list_id": drawn.id, "state": drawn.state, "invited": drawn.people, "left_out": left_out}
