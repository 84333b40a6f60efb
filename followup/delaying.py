"""A plan that will be late: before its date passes, everyone who was told it hears the new one and why."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select

from core import audit, clock
from core.access import Role
from core.db import db
from core.errors import Conflict
from core.models import Organisation
from followup.digest_actions import readers_of
from followup.models import Told
from followup.planning import plans_of
from followup.reaching import hearers
from promises.ending import end
from promises.models import Promise, Update
from promises.moving import When, check, in_their_words
from promises.opening import open_promise
from surveys.models import Response
from triage.models import Action
from triage.tagging import open_promise_of


def delay(action: Action, to: When, reasons: Mapping[str, str], role: Role, now: datetime) -> int:
    """Move the date of a plan; returns how many respondents the next message tells so.

    `reasons`: language → words; who reads another language gets those of the survey's, else any.
    A second time needs a manager. From then on the plan has no date: `to` is the day of the next update.
    """
    old = _its_end(action)
    _refuse(action, old, now)
    said = {language: words.strip() for language, words in reasons.items() if words.strip()}
    check(to, old.at, "".join(said.values()), action.moves, role)
    told = list(db.session.scalars(_hearers(action).order_by(Response.id)))
    action.moves += 1
    action.due_on = action.due_on if action.dateless else to.on
    audit.record("action.moved", action, now, moves=action.moves)
    for response in told:
        _move(response, old, to, in_their_words(said, response), action, now)
    return len(told)


def _its_end(action: Action) -> When:
    if action.kind != "planned" or not action.due_on:
        raise Conflict(_("Only a plan has a date that can be moved."))
    timezone = db.session.get_one(Organisation, action.organisation_id).timezone
    return When.by(action.due_on, timezone)


def _refuse(action: Action, old: When, now: datetime) -> None:
    if action.withdrawn_at:
        raise Conflict(_("This plan was withdrawn."))
    if action.dateless:
        raise Conflict(_("This plan has no date any more. Tell how it stands, or mark it as done."))
    if now > old.at:
        raise Conflict(
            _("This plan fell due before now. Its date can no longer be moved: put right what was told.")
        )


def readers(action: Action) -> dict[str, int]:
    """language → how many people hear in it that this plan was moved, the most first"""
    found = hearers(action.organisation_id, _hearers(action).with_only_columns(Response.id))
    return dict(found.languages.most_common())


def _hearers(action: Action) -> Select[Response]:
    """Everyone who was told this plan and may still be written to, each once."""
    told = (
        select(Promise.response_id)
        .join(Update, Update.promise_id == Promise.id)
        .join(Told, Told.update_id == Update.id)
        .where(Told.action_id == action.id)
    )
    reachable = Response.erased_at.is_(None) & Response.declined_at.is_(None)
    heard = Response.id.in_(told) | Response.id.in_(readers_of(action))
    return select(Response).where(heard, reachable)


def _move(response: Response, old: When, to: When, reason: str, action: Action, now: datetime) -> None:
    """The outcome they were promised ends as moved. A nearer word that is owed stays owed, by its own date."""
    held = open_promise_of(response)
    nearer = held if held and held.kind == "update" else None
    outcome = held if held and not nearer else _supersede(response, nearer, old, action, now)
    end(outcome, "moved", now)
    db.session.flush()
    kind, by = ("update", When(nearer.due_at, nearer.due_on)) if nearer else _next(response, to, now)
    open_promise(
        response, "moved", by.at, by.on, now, kind=kind, predecessor=outcome, reason=reason, who=action.owner
    )


def _supersede(
    response: Response, nearer: Promise | None, old: When, action: Action, now: datetime
) -> Promise:
    """One is open at a time: the outcome is opened to be ended, as a correction is."""
    if nearer:
        end(nearer, "cancelled", now)
        db.session.flush()
    return open_promise(
        response, "planned", old.at, old.on, now, kind="outcome", predecessor=nearer, who=action.owner
    )


def _next(response: Response, to: When, now: datetime) -> tuple[str, When]:
    """The earliest date that still holds for this respondent; without one, the next update."""
    timezone = response.survey.organisation.timezone
    today = clock.local_date(now, timezone)
    days = [p.day for p in plans_of(response) if p.day and p.day >= today]
    return ("outcome", When.by(min(days), timezone)) if days else ("update", to)


def tell_new_dates(ending: Update, now: datetime) -> None:
    """Keep what this respondent reads now of each plan: the first date stays what the deed is measured by.

    Who read a plan in a digest has no tag of it: its first date stands beside the digest.
    """
    response = ending.promise.response
    today = clock.local_date(now, response.survey.organisation.timezone)
    for action in plans_of(response):
        if tag_id := _tag_of(action, response):
            db.session.add(
                Told(
                    update=ending, tag_id=tag_id, action=action, kind=action.kind, due_on=action.day, told_on=today
                )
            )  # fmt: skip


def _tag_of(action: Action, response: Response) -> int | None:
    query = (
        select(Told.tag_id)
        .join(Update, Update.id == Told.update_id)
        .join(Promise, Promise.id == Update.promise_id)
        .where(Told.action_id == action.id, Promise.response_id == response.id)
    )
    return db.session.scalar(query.order_by(Told.id.desc()).limit(1))
