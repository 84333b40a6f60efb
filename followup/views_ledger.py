"""Who was told: the equation, who is waiting, and every respondent's line down to the server's own words."""

from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.access import Role, access, load, require
from core.ids import row_id
from followup import ledger as lines
from followup.loops import loop
from followup.people import people
from followup.views import blueprint
from outbox.queries import listing
from promises.ledger import ledger
from surveys.models import Response
from triage.commenting import comments_of
from triage.queries import surveys
from triage.rows import rows


@blueprint.get("/ledger")
@require(Role.viewer)
def ledger_page() -> ResponseReturnValue:
    """responses = told + promised + could not be told, of the organisation, a survey or a round."""
    now, slug, state = (
        clock.now(),
        request.args.get("survey", "").replace("\x00", ""),
        request.args.get("state", ""),
    )
    within, survey, round = lines.scope(
        access().organisation_id, slug, request.args.get("round", type=row_id)
    )
    found = ledger(within)
    args = {**({"survey": survey.slug} if survey else {}), **({"round": round.id} if round else {})}
    return render_template(
        "followup/ledger.html", ledger=found, people=people(within, found, now), survey=survey, round=round,
        surveys=surveys(), rounds=lines.rounds(survey), waiting=lines.waiting(within, now, g.timezone),
        listed=lines.entries(within, state, request.args.get("before", type=row_id), now, g.timezone),
        uncertain=listing(access().organisation_id, "unknown").lines, state=state if state in lines.STATES else "", states=_states(state, args), args=args,
    )  # fmt: skip


def _states(chosen: str, args: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """(state, address, whether it is this one)"""
    known = chosen if chosen in lines.STATES else ""
    here = "followup.ledger_page"
    return [
        (s, url_for(here, state=s or None, _anchor="answers", **args), s == known)
        for s in ("", *lines.STATES)
    ]


@blueprint.get("/responses/<int:response_id>")
@require(Role.viewer)
def response_page(response_id: int) -> ResponseReturnValue:
    """One respondent's line: each promise, each message, each attempt."""
    response, now = load(Response, response_id), clock.now()
    comments = rows([c.id for c in comments_of(response)], now, g.timezone)
    return render_template(
        "followup/response.html", response_id=response.id, loop=loop(response, now, g.timezone), comments=comments,
        name=response.customer.name if response.customer else "", customer_id=response.customer_id, language=response.language,
        survey=response.survey.title, score=response.score, channel=response.channel, source=response.source,
        submitted_on=clock.local_date(response.submitted_at, g.timezone),
    )  # fmt: skip
