"""A plan that will be late: before its date passes, everyone who was told it hears the new one and why."""

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from core import audit, clock
from core.access import Role
from core.db import db
from core.errors import Conflict
from core.models import Organisation
from followup.digests.corrections import mark_one
from followup.models import Told
from followup.plans.delaying_each import hearers_of, is_under_way, move_some
from followup.plans.models import PlanMove
from followup.plans.planning import plans_of
from followup.reaching import hearers
from promises.models import Promise, Update
from promises.moving import When, check
from surveys.models_responses import Response
from triage.models import Action


def delay(action: Action, to: date, reasons: Mapping[str, str], role: Role, now: datetime) -> int:
    """Move the date of a plan; returns how many respondents the next message tells so.

    `reasons`: language → words; who reads another language gets those of the survey's, else any.
    A second time needs a manager. From then on the plan has no date: `to` is the day of the next update.
    """
    old = _its_end(action)
    _refuse(action, old, now)
    said = {language: words.strip() for language, words in reasons.items() if words.strip()}
    check(When.by(to, _timezone(action)), old.at, "".join(said.values()), action.moves, role)
    move = _begun(action, to, said, now)
    action.moves += 1
    action.due_on = action.due_on if action.dateless else to
    audit.record("action.moved", action, now, moves=action.moves)
    many = _count(move)
    move_some(move, now)
    return many


def _begun(action: Action, to: date, reasons: Mapping[str, str], now: datetime) -> PlanMove:
    move = PlanMove(
        organisation_id=action.organisation_id, action=action, from_on=action.due_on, to_on=to, reasons=dict(reasons),
        asked_by=audit.actor(), begun_at=now, told_until=db.session.scalar(select(func.max(Told.id))) or 0,
    )  # fmt: skip
    db.session.add(move)
    db.session.flush()
    return move


def _count(move: PlanMove) -> int:
    those = hearers_of(move.action, move.told_until).with_only_columns(func.count(Response.id))
    return db.session.scalar(those) or 0


def _timezone(action: Action) -> str:
    return db.session.get_one(Organisation, action.organisation_id).timezone


def _its_end(action: Action) -> When:
    if action.kind != "planned" or not action.due_on:
        raise Conflict(_("Only a plan has a date that can be moved."))
    return When.by(action.due_on, _timezone(action))


def _refuse(action: Action, old: When, now: datetime) -> None:
    if action.withdrawn_at:
        raise Conflict(_("This plan was withdrawn."))
    if action.dateless:
        raise Conflict(_("This plan has no date any more. Tell how it stands, or mark it as done."))
    if now > old.at:
        raise Conflict(
            _("This plan fell due before now. Its date can no longer be moved: put right what was told.")
        )
    if is_under_way(action):
        raise Conflict(
            _("The date before this one is still on its way to everyone. Move the plan again in a minute.")
        )


def readers(action: Action) -> dict[str, int]:
    """language → how many people hear in it that this plan was moved, the most first"""
    found = hearers(action.organisation_id, hearers_of(action).with_only_columns(Response.id))
    return dict(found.languages.most_common())


def tell_new_dates(ending: Update, now: datetime) -> None:
    """Keep what this respondent reads now of each plan: the first date stays what the deed is measured by.

    Who read a plan in a digest has no tag of it: what they read is kept beside the digest.
    """
    response = ending.promise.response
    today = clock.local_date(now, response.survey.organisation.timezone)
    for action in plans_of(response):
        if not (tag_id := _tag_of(action, response)):
            if action.moves:
                mark_one(ending, action, "moved")
            continue
        told = Told(
            update=ending, tag_id=tag_id, action=action, kind=action.kind, due_on=action.day, told_on=today
        )
        db.session.add(told)


def _tag_of(action: Action, response: Response) -> int | None:
    query = (
        select(Told.tag_id)
        .join(Update, Update.id == Told.update_id)
        .join(Promise, Promise.id == Update.promise_id)
        .where(Told.action_id == action.id, Promise.response_id == response.id)
    )
    return db.session.scalar(query.order_by(Told.id.desc()).limit(1))
