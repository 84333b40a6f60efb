"""Tell respondents what was done: group what is due to a person, write one letter, end the promises.

Each group is one transaction that asks again whether it is still ready, so that two clocks, an undo
or a crash in between can neither lose nor repeat anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from core import clock, rows
from core.db import db, writing
from customers.models import Identity
from followup.beside import of_tags
from followup.carrying import Envelope, by_person, send, written_to, written_today
from followup.digests.actions import planned_in
from followup.digests.corrections import mark_digest, since
from followup.digests.rounds import words_for
from followup.joined.said_already import said_before
from followup.joined.saying_once import Heard, once
from followup.letters import Letter, Piece, as_answer, letter, piece
from followup.models import Told
from followup.plans.planning import plans_of, promise_next
from followup.readiness import ready, still_ready, untold_tags
from followup.rendering import page_words
from followup.rewards.rewarding import give
from followup.threads import answering_after
from outbox.models import Message
from promises.ending import conclude, end
from promises.models import Promise, Update
from surveys.models_responses import Response
from triage.models import Action, Tag

STRENGTH = ("done", "planned", "wont_do", "already", "thanks")
Owed = list[tuple[Promise, list[Tag]]]
"""Promises of one person, each with what was done about it and is not told yet."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A promise that is being told: by what, and what is owed next."""

    promise: Promise
    tags: list[Tag]
    following: Promise | None


def compose_due(now: datetime) -> int:
    """Tell everybody who can be told now; returns how many promises ended."""
    return sum(_tell_once(ids, now) for ids in _groups(now))


def _groups(now: datetime) -> Iterator[list[int]]:
    """Of one person what was promised first comes first: what falls due today takes the rest with it."""
    for some in rows.paged(ready(now), Promise.id):
        by_date = sorted(some, key=lambda row: (row.due_at, row.id))
        yield from by_person((r.id, r.response_id, r.identity_id, r.channel) for r in by_date)


def _tell_once(promise_ids: list[int], now: datetime) -> int:
    """Another clock may have told the same at the same moment; the database lets one of them win."""
    try:
        with writing():
            return tell(promise_ids, now)
    except IntegrityError:
        return 0


def tell(promise_ids: list[int], now: datetime) -> int:
    """End these promises of one person with one message, if they are still ready and it is their turn."""
    owed = with_tags(still_ready(promise_ids, now))
    if not owed:
        return 0
    promise = owed[0][0]
    identity = written_to(promise)
    if identity and not _may_write(identity, owed, now):
        return 0
    by_message(identity, owed, now) if identity else on_page(owed, now)
    return len(owed)


def with_tags(promises: Sequence[Promise]) -> Owed:
    """Each with what was done and is not told yet."""
    tags = untold_tags([p.response_id for p in promises]) if promises else {}
    return [(p, tags[p.response_id]) for p in promises]


def _may_write(identity: Identity, owed: Owed, now: datetime) -> bool:
    """One update a person a day; what falls due today, corrections, and answers to a reply do not wait."""
    timezone = owed[0][0].response.survey.organisation.timezone
    today = clock.tonight(now, timezone)
    urgent = any(_does_not_wait(p, tags, today) for p, tags in owed)
    return urgent or not written_today(identity, timezone, now)


def _does_not_wait(promise: Promise, tags: list[Tag], today: datetime) -> bool:
    """An answer to what they wrote back is no update among others: it is a conversation."""
    dated = promise.due_at <= today or promise.kind == "outcome" or promise.because == "reply"
    return (
        dated
        or how(tags) == "correction"
        or bool(answering_after(promise.response, [t.comment.reopened_at for t in tags]))
    )


def by_message(identity: Identity, owed: Owed, now: datetime) -> None:
    last, _tags = owed[-1]
    envelope = Envelope(identity, channel=last.channel)
    ends = [_end(promise, tags, now) for promise, tags in owed]
    heard = [_heard(e, envelope, now) for e in ends]
    pieces, speaks = once(heard)
    written = letter("update", last.response, last, now, pieces=pieces, unsubscribe=envelope.unsubscribe)
    message = send(envelope, written, _message_kind(ends), last.response.language, now) if pieces else None
    for ending, told, said in zip(ends, heard, speaks, strict=True):
        carrier = message if said else next(iter(told.before.values())).message
        _finish(ending, carrier, replace(written, pieces=(told.piece,)), now)


def _heard(ending: Ending, envelope: Envelope, now: datetime) -> Heard:
    before = said_before(ending.promise, ending.tags)
    return Heard(_rewarded(ending, envelope.status(ending.promise.response), now), ending.tags, before)


def on_page(owed: Owed, now: datetime) -> None:
    for promise, tags in owed:
        ending = _end(promise, tags, now)
        _finish(ending, None, _alone(promise, _rewarded(ending, "", now), now), now)


def _rewarded(ending: Ending, status: str, now: datetime) -> Piece:
    """What is said to one respondent, with a code where the rule gives them one."""
    promise, tags = ending.promise, ending.tags
    return replace(part(promise, tags, status, ending.following), reward=give(promise.response, tags, now))


def _end(promise: Promise, tags: list[Tag], now: datetime) -> Ending:
    """It is told; what was planned is owed from now on, and the same message says so."""
    end(promise, "told", now)
    db.session.flush()
    told = [t.action for t in tags] if tags else digest_plans(promise.response)
    following = promise_next(promise, plans_of(promise.response, told), now)
    return Ending(promise, tags, following)


def _alone(promise: Promise, told: Piece, now: datetime) -> Letter:
    return letter("update", promise.response, promise, now, pieces=(told,))


def as_told(promise: Promise, tags: list[Tag], now: datetime) -> tuple[str, str]:
    """(how, words on their own page) of what these tags say to somebody; without any, of the digest."""
    written = _alone(promise, part(promise, tags, ""), now)
    return how(tags), page_words(written, promise.response.language)


def part(promise: Promise, tags: list[Tag], status: str, following: Promise | None = None) -> Piece:
    """What these tags say to one respondent: only who heard the old word reads that it was not right."""
    digest = "" if tags else digest_words(promise)
    quotes = list(dict.fromkeys(t.comment.text for t in tags if t.comment.text))
    new = {t.action for t in tags} - {t.action for t in tags if t.again}
    actions = list(dict.fromkeys(t.action for t in tags))
    told = piece(
        promise.response, quotes, actions, status, digest, announced=following, first_heard=new, beside=of_tags(tags)
    )  # fmt: skip
    return as_answer(told, answering_after(promise.response, [t.comment.reopened_at for t in tags]))


def digest_plans(response: Response) -> list[Action]:
    """What a digest says is planned; and what stands below it since then."""
    return [*planned_in(response.round), *(c.action for c in since(response.round))]


def digest_words(promise: Promise) -> str:
    """The round's "you said, we did", in the respondent's language where somebody wrote it."""
    return words_for(promise.response, promise.response.round.digest)


def _finish(ending: Ending, message: Message | None, written: Letter, now: datetime) -> None:
    promise, tags = ending.promise, ending.tags
    words = page_words(written, promise.response.language)
    update = conclude(promise, how(tags), message, words, now, ending.following)
    mark_told(update, tags, now)
    if not tags:
        mark_digest(update)


def mark_told(update: Update, tags: Sequence[Tag], now: datetime) -> None:
    """Each tag is told by this update; kind and dates are kept as they were read."""
    today = clock.local_date(now, update.promise.response.survey.organisation.timezone)
    for tag in tags:
        rows.change(tag, told_at=now)
        action = tag.action
        kept = {"kind": action.kind, "due_on": action.day, "done_on": action.done_on, "told_on": today}
        rows.put(Told, update_id=update.id, tag_id=tag.id, action_id=action.id, **kept)


def how(tags: Iterable[Tag]) -> str:
    """How somebody was told: by the weightiest of the actions; without any, by the digest."""
    tags = list(tags)
    if any(t.again and t.action.corrects_id for t in tags):
        return "correction"
    return min((t.action.kind for t in tags), key=STRENGTH.index, default="digest")


def _message_kind(ends: list[Ending]) -> str:
    hows = {how(e.tags) for e in ends}
    return "correction" if "correction" in hows else "digest" if hows == {"digest"} else "update"
