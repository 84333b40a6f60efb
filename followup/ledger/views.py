"""Who was told: the equation, who is waiting, and every respondent's line down to the server's own words."""

from flask import Response as Answer
from flask import g, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.access import Role, access, allowed, load, require
from core.spreadsheets.csv_files import csv_stream
from followup.joined.standing_as_one import told_with
from followup.ledger import exporting, lines
from followup.ledger.filters import STATES, Wanted
from followup.loops import loop
from followup.people import people
from followup.speed import speed
from followup.views import blueprint
from outbox.uncertain import how_many, uncertain
from promises.ledger import ledger
from promises.waiting import waiting
from surveys.helpdesks.zammad import ticket_of
from surveys.models_responses import Response
from surveys.on_the_phone import typed_by
from triage.commenting import comments_of
from triage.inbox.rows import rows
from triage.queries import surveys

HERE = "followup.ledger_page"


@blueprint.get("/ledger")
@require(Role.viewer)
def ledger_page() -> ResponseReturnValue:
    """responses = told + promised + could not be told, of the organisation, a survey or a round."""
    now, wanted, mine = clock.now(), Wanted.read(request.args), access().organisation_id
    found, waits = ledger(wanted.scope), waiting(wanted.scope, now)
    listed = lines.entries(wanted, now, g.timezone)
    return render_template(
        "followup/ledger.html", ledger=found, people=people(wanted.scope, found, now), wanted=wanted, surveys=surveys(),
        waits=waits, longest=lines.longest(wanted.scope, waits, now, g.timezone), listed=listed, told_with=told_with([e.response_id for e in listed.entries], g.timezone),
        uncertain=uncertain(mine), uncertain_in_all=how_many(mine), may_decide=allowed(Role.agent), here=_here(wanted),
        speed=speed(wanted.scope, now), states=_states(wanted),
    )  # fmt: skip


def _here(wanted: Wanted) -> str:
    return url_for(HERE, **wanted.args)


def _states(wanted: Wanted) -> list[tuple[str, str, bool]]:
    """(state, address, whether it is this one)"""
    return [
        (s, url_for(HERE, state=s or None, _anchor="answers", **wanted.args), s == wanted.state)
        for s in ("", *STATES)
    ]


@blueprint.get("/ledger.csv")
@require(Role.viewer)
def ledger_file() -> ResponseReturnValue:
    """One line a respondent, sent as it is read: memory does not grow with the answers."""
    wanted = Wanted.read(request.args)
    name = "-".join(["ledger", *map(str, wanted.args.values())])
    kept = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Answer(
        stream_with_context(csv_stream(exporting.pages(wanted.scope))), mimetype="text/csv", headers=kept
    )


@blueprint.get("/responses/<int:response_id>")
@require(Role.viewer)
def response_page(response_id: int) -> ResponseReturnValue:
    """One respondent's line: each promise, each message, each attempt."""
    response, now = load(Response, response_id), clock.now()
    comments = rows([c.id for c in comments_of(response)], now, g.timezone)
    return render_template(
        "followup/response.html", response_id=response.id, loop=loop(response, now, g.timezone), comments=comments,
        name=response.customer.name if response.customer else "", customer_id=response.customer_id, language=response.language,
        survey=response.survey.title, score=response.score, channel=response.channel, typed_by=typed_by(response),
        submitted_on=clock.local_date(response.submitted_at, g.timezone), whose=response, may_say=allowed(Role.agent),
        ticket=ticket_of(response.id), told_with=told_with([response.id], g.timezone).get(response.id, []),
    )  # fmt: skip
