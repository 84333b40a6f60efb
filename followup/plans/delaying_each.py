"""A plan whose date was moved: each of its people is given the later date, some at a time, so that nobody else waits long."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from core import audit, clock
from core.db import db, writing
from followup.digests.actions import readers_of
from followup.models import Told
from followup.plans.models import PlanMove
from followup.plans.planning import plans_of
from promises.ending import end
from promises.models import Promise, Update
from promises.moving import When, in_their_words
from promises.opening import open_promise
from surveys.models_responses import Response
from triage.models import Action
from triage.tagging import open_promise_of

SLICE = 50
"""People in one transaction: about 100 ms."""


def is_under_way(action: Action) -> bool:
    return db.session.scalar(_unfinished().where(PlanMove.action_id == action.id)) is not None


def move_the_rest(now: datetime) -> int:
    """Give the people of plans that were moved the later date; returns how many got it."""
    return sum(_move_all(move_id, now) for move_id in db.session.scalars(_unfinished()).all())


def _unfinished() -> Select[int]:
    return select(PlanMove.id).where(PlanMove.finished_at.is_(None)).order_by(PlanMove.id)


def _move_all(move_id: int, now: datetime) -> int:
    done = 0
    while some := _once(move_id, now):
        done += some
    return done


def _once(move_id: int, now: datetime) -> int:
    try:
        with writing():
            move = db.session.get_one(PlanMove, move_id, populate_existing=True, with_for_update=True)
            return 0 if move.finished_at else move_some(move, now)
    except IntegrityError:
        return 0  # somebody wrote to one of them at the same moment


def move_some(move: PlanMove, now: datetime) -> int:
    """The next few, in the order of their answers. What became of the plan meanwhile is told by whatever changed it."""
    holds = move.action.kind == "planned" and not move.action.withdrawn_at
    responses = _next_few(move) if holds else []
    with audit.acting(move.asked_by):
        for response in responses:
            _move(response, move, now)
            move.last_response_id = response.id
    move.finished_at = now if len(responses) < SLICE else None
    return len(responses)


def _next_few(move: PlanMove) -> list[Response]:
    left = hearers_of(move.action, move.told_until).where(Response.id > move.last_response_id)
    return list(db.session.scalars(left.order_by(Response.id).limit(SLICE)))


def hearers_of(action: Action, told_until: int | None = None) -> Select[Response]:
    """Everyone who was told this plan, up to a row of what was told, and may still be written to; each once."""
    told = (
        select(Promise.response_id)
        .join(Update, Update.promise_id == Promise.id)
        .join(Told, Told.update_id == Update.id)
        .where(Told.action_id == action.id)
    )
    if told_until is not None:
        told = told.where(Told.id <= told_until)
    reachable = Response.erased_at.is_(None) & Response.declined_at.is_(None)
    heard = Response.id.in_(told) | Response.id.in_(readers_of(action))
    return select(Response).where(heard, reachable)


def _move(response: Response, move: PlanMove, now: datetime) -> None:
    """The outcome they were promised ends as moved. A nearer word that is owed stays owed, by its own date."""
    held = open_promise_of(response)
    nearer = held if held and held.kind == "update" else None
    outcome = held if held and not nearer else _supersede(response, nearer, move, now)
    end(outcome, "moved", now)
    db.session.flush()
    kind, by = ("update", When(nearer.due_at, nearer.due_on)) if nearer else _next(response, move, now)
    reason = in_their_words(move.reasons, response)
    open_promise(
        response, "moved", by.at, by.on, now, kind=kind, predecessor=outcome, reason=reason, who=move.action.owner
    )  # fmt: skip


def _supersede(response: Response, nearer: Promise | None, move: PlanMove, now: datetime) -> Promise:
    """One is open at a time: the outcome is opened to be ended, as a correction is."""
    if nearer:
        end(nearer, "cancelled", now)
        db.session.flush()
    old = When.by(move.from_on, response.survey.organisation.timezone)
    return open_promise(
        response, "planned", old.at, old.on, now, kind="outcome", predecessor=nearer, who=move.action.owner
    )


def _next(response: Response, move: PlanMove, now: datetime) -> tuple[str, When]:
    """The earliest date that still holds for this respondent; without one, the next update."""
    timezone = response.survey.organisation.timezone
    today = clock.local_date(now, timezone)
    days = [p.day for p in plans_of(response) if p.day and p.day >= today]
    return ("outcome", When.by(min(days), timezone)) if days else ("update", When.by(move.to_on, timezone))
