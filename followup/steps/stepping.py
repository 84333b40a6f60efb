"""The steps by which a person tells many at once. A large one waits for a manager; any other is taken here and now."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select

from core import clock
from core.db import db
from core.models import Organisation
from followup.corrections.correcting import correct, heard, heard_anyhow, read_it, refuse_corrected, tell_done
from followup.digests import rounds
from followup.models import LargeStep
from followup.reaching import hearers
from followup.steps.approving import UNTIL_DECIDED, approve_words, unread
from followup.steps.due_today import due_readers, owed_by
from followup.steps.large_steps import hold, usual_if_large
from surveys.models import Round
from surveys.models_responses import Response
from triage.acting import Decision, refuse_unplanned
from triage.joining import with_the_same
from triage.models import Action, Comment, Tag
from triage.settling import chosen
from triage.tagging import due_dates, tag, tag_for_manager, untagged

Size = tuple[int, int | None]
"""Messages that do not fall due today, and those of a usual day when that is many more; else None."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a step: `count` comments have it, or will once the `step` that waits is approved."""

    count: int
    step: LargeStep | None = None
    tags: tuple[Tag, ...] = ()
    action: Action | None = None
    by_digest: int = 0
    """People who read in a digest what is put right, and hear so too."""


def take_tags(
    comments: Iterable[Comment], choice: Action | Decision, by_id: int | None, hold_for: timedelta, today: date, now: datetime,
    *, may_approve: bool = False, own_words: Collection[int] = (),
) -> Taken:  # fmt: skip
    """Tag comments, and all that stands on the desk as one with them, with an action; where a survey wants it, a manager reads words of who may not approve them first.

    `own_words`: comments whose respondent reads a sentence for them alone besides.
    """
    comments = with_the_same(comments)
    return take_exactly(
        comments, choice, by_id, hold_for, today, now, may_approve=may_approve, own_words=own_words
    )


def take_exactly(
    comments: Iterable[Comment], choice: Action | Decision, by_id: int | None, hold_for: timedelta, today: date, now: datetime,
    *, may_approve: bool = False, own_words: Collection[int] = (),
) -> Taken:  # fmt: skip
    """The same of these comments and no others."""
    comments = list(comments)
    action = chosen(comments, choice, today, now)
    if may_approve:
        approve_words(action, now)
    fresh = untagged(comments, action)
    held = [] if may_approve else unread(fresh, action, own_words)
    waiting = _to_be_read(held, action, by_id, now) if held else None
    ids = {c.id for c in held}
    taken = _tagged([c for c in fresh if c.id not in ids], action, by_id, hold_for, now)
    if not waiting:
        return taken
    return Taken(len(fresh), waiting.step, (*taken.tags, *waiting.tags), action)


def _to_be_read(comments: list[Comment], action: Action, by_id: int | None, now: datetime) -> Taken:
    """Nobody is told before a manager has read the words, also not on the day that was promised: then there is no news yet."""
    reached = hearers(action.organisation_id, {c.response_id for c in comments}).messages
    tags = tag_for_manager(comments, action, by_id, now, until=now + UNTIL_DECIDED)
    step = hold("tags", action, reached, None, by_id, now, tags=tags)
    return Taken(len(tags), step, tuple(tags), action)


def _tagged(
    fresh: list[Comment], action: Action, by_id: int | None, hold_for: timedelta, now: datetime
) -> Taken:  # fmt: skip
    """Those whose promise falls due today are told today, however many the others are."""
    later = not_due_today(fresh, now)
    reached, usual = _size(later, now)
    if usual is None:
        made = tag(fresh, action, by_id, hold_for, now)
        return Taken(len(made), None, tuple(made), action)
    wait = {c.id for c in later}
    made = tag([c for c in fresh if c.id not in wait], action, by_id, hold_for, now)
    held = tag_for_manager(later, action, by_id, now)
    step = hold("tags", action, reached, usual, by_id, now, tags=held)
    return Taken(len(fresh), step, (*made, *held), action)


def size_of_tags(comments: Iterable[Comment], now: datetime) -> Size:
    """(messages that do not fall due today, those of a usual day when that is many more)"""
    return _size(not_due_today(list(comments), now), now)


def _size(later: list[Comment], now: datetime) -> Size:
    if not later:
        return 0, None
    organisation_id = later[0].organisation_id
    reached = hearers(organisation_id, {c.response_id for c in later}).messages
    return reached, usual_if_large(organisation_id, reached, now)


def not_due_today(comments: list[Comment], now: datetime) -> list[Comment]:
    falls_due = due_dates((c.response for c in comments), now)
    return [
        c
        for c in comments
        if falls_due[c.response_id] > clock.tonight(now, c.response.survey.organisation.timezone)
    ]


def take_done(action: Action, done_on: date, by_id: int | None, now: datetime) -> Taken:
    """A plan is done: everyone who was told it is planned hears so."""
    refuse_unplanned(action)
    reached, usual = size_of_again(action, now)
    if usual is None:
        by_digest = read_it(action, done=True)
        return Taken(tell_done(action, done_on, now), action=action, by_digest=by_digest)
    return Taken(reached, hold("done", action, reached, usual, by_id, now, done_on=done_on), action=action)


def take_correction(wrong: Action, right: Action, by_id: int | None, now: datetime) -> Taken:
    """What was told wrongly is put right, by an action that was decided just now, for everyone who heard it."""
    refuse_corrected(wrong)
    right.comment_id, right.signed_by_id = wrong.comment_id, by_id if wrong.comment_id else None
    db.session.flush()
    reached, usual = size_of_correction(wrong, now)
    if usual is None:
        by_digest = read_it(wrong)
        return Taken(correct(wrong, right, now), action=right, by_digest=by_digest)
    return Taken(reached, hold("correction", right, reached, usual, by_id, now), action=right)


def size_of_correction(wrong: Action, now: datetime) -> Size:
    """(messages to those who were told it or read it in a digest, those of a usual day when that is many more)"""
    due = heard(wrong.id).where(_by_tonight(wrong, now)).with_only_columns(Comment.response_id).order_by(None)
    everybody = heard_anyhow(wrong)
    return _size_of(wrong, everybody.where(Response.id.not_in(due)), now)


def size_of_again(action: Action, now: datetime) -> Size:
    """(messages to those who heard it and do not fall due today, those of a usual day when that is many more)"""
    due = (
        heard(action.id).where(_by_tonight(action, now)).with_only_columns(Comment.response_id).order_by(None)
    )
    later = Response.id.not_in(due), Response.id.not_in(due_readers(action, now))
    return _size_of(action, heard_anyhow(action, done=True).where(*later), now)


def _by_tonight(action: Action, now: datetime) -> ColumnElement[bool]:
    timezone = db.session.get_one(Organisation, action.organisation_id).timezone
    return owed_by(clock.tonight(now, timezone))


def _size_of(action: Action, responses: Select[int], now: datetime) -> Size:
    reached = hearers(action.organisation_id, responses).messages
    return reached, usual_if_large(action.organisation_id, reached, now)


def take_digest(
    round: Round, words: Mapping[str, str], by_id: int | None, now: datetime, publish: Collection[int] | None = None,
    tells: Collection[int] | None = None, *, size: Size | None = None,
) -> Taken:  # fmt: skip
    """Approve a digest; a large one keeps its words until a manager has looked at them a second time.

    Counting thousands takes a while: whoever can passes the `size` that was counted before `writing()`.
    """
    many, usual = size or size_of_digest(round, now)
    if usual is None:
        rounds.approve(round, words, by_id, now, publish, tells)
        return Taken(many)
    rounds.complete(round, words, now, publish, tells)
    return Taken(many, hold("digest", round, many, usual, by_id, now))


def size_of_digest(round: Round, now: datetime) -> Size:
    """(messages that do not fall due today, those of a usual day when that is many more)"""
    tonight = clock.tonight(now, round.survey.organisation.timezone)
    many = hearers(round.organisation_id, rounds.those_who_wait(round, after=tonight)).messages
    return many, usual_if_large(round.organisation_id, many, now)
