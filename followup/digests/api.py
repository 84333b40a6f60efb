"""REST: rounds, and digests that are approved."""

from typing import Any

from flask import Response

from accounts.idempotency import once
from core import clock
from core.access import Role, access, load, own, require
from core.api.rest import Blueprint, iso, list_of, page
from followup.digests import rounds as digests
from followup.digests.actions import told_in
from followup.shapes import ApprovalBody, RoundAnswer, RoundQuery
from followup.steps.api import as_json as step_json
from followup.steps.stepping import Size, size_of_digest, take_digest
from surveys.api import by_slug
from surveys.models import Round
from triage.api import today
from triage.writing import overruling

blueprint = Blueprint("rounds_api", __name__, description="Rounds, and their digests")


@blueprint.get("/rounds")
@require(Role.viewer)
@blueprint.arguments(RoundQuery, location="query")
@blueprint.response(200, list_of(RoundAnswer))
def rounds(query: dict[str, Any]) -> dict[str, Any]:
    """The periods of one survey or of all, oldest first, with their digests."""
    wanted = own(Round).where(Round.survey == by_slug(query["survey"])) if "survey" in query else own(Round)
    rows, following = page(wanted, Round.id, query["after"], query["limit"])
    return {"data": [_round_json(r) for r in rows], "next": following}


@blueprint.post("/rounds/<int:round_id>/approval")
@require(Role.manager)
@blueprint.arguments(ApprovalBody)
@blueprint.alt_response(200, schema=RoundAnswer)
@blueprint.alt_response(202, schema=RoundAnswer)
def approval(body: dict[str, Any], round_id: int) -> Response:
    """The digest goes out to everyone who gave only a score. 202: so many that a manager approves the large step too."""
    size = size_of_digest(load(Round, round_id), clock.now())
    return once(
        lambda: _approved(load(Round, round_id), body, size),
        lambda made: 202 if "large_step" in made else 200,
    )


def _approved(round: Round, body: dict[str, Any], size: Size) -> dict[str, Any]:
    by, now = access().staff_id, clock.now()
    kept = overruling.judge(overruling.each(body["words"]), body["overrule"], today())
    overruling.record(round, kept, now)
    taken = take_digest(round, body["words"], by, now, body["publish"], body["tells"], size=size)
    return {**_round_json(round), **({"large_step": step_json(taken.step)} if taken.step else {})}


def _round_json(round: Round) -> dict[str, Any]:
    return {
        "id": round.id,
        "survey": round.survey.slug,
        "starts_on": round.starts_on.isoformat(),
        "ends_on": round.ends_on.isoformat(),
        "digest": round.digest,
        "tells": sorted(told_in(round)),
        "approved_at": iso(round.approved_at),
        "due_at": iso(None if round.approved_at else digests.falls_due(round)),
        "waiting": sum(digests.will_hear(round).values()),
    }
