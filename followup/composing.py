"""Tell respondents what was done: group what is due to a person, write one letter, end the promises.

Each group is one transaction that asks again whether it is still ready, so that two clocks, an undo
or a crash in between can neither lose nor repeat anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db, writing
from customers.models import Identity
from followup.carrying import Envelope, send, written_today
from followup.digest_corrections import mark_digest
from followup.letters import Letter, Piece, letter, page_words, piece
from followup.models import Told
from followup.planning import plans_of, promise_next
from followup.readiness import Ready, ready
from followup.rounds import words_for
from outbox.models import Message
from promises.ending import announce, conclude, end
from promises.models import Promise, Update
from triage.commenting import comments_of
from triage.models import Tag

STRENGTH = ("done", "planned", "wont_do", "already", "thanks")


@dataclass(frozen=True, slots=True)
class Ending:
    """A promise that is being told: by what, and what is owed next."""

    promise: Promise
    tags: list[Tag]
    following: Promise | None


def compose_due(now: datetime) -> int:
    """Tell everybody who can be told now; returns how many promises ended."""
    return sum(_tell_once([r.promise_id for r in group], now) for group in _groups(now))


def _groups(now: datetime) -> Iterator[list[Ready]]:
    """What is due to one person through one channel belongs together."""
    after = 0
    while batch := ready(now, after=after):
        after = batch[-1].promise_id
        groups: dict[tuple[int, str], list[Ready]] = defaultdict(list)
        for item in batch:
            groups[
                item.organisation_id, f"i{item.identity_id}" if item.identity_id else f"r{item.response_id}"
            ].append(item)
        yield from groups.values()


def _tell_once(promise_ids: list[int], now: datetime) -> int:
    """Another clock may have told the same at the same moment; the database lets one of them win."""
    try:
        with writing():
            return tell(promise_ids, now)
    except IntegrityError:
        return 0


def tell(promise_ids: list[int], now: datetime) -> int:
    """End these promises of one person with one message, if they are still ready and it is their turn."""
    promises = [db.session.get_one(Promise, r.promise_id) for r in ready(now, only=promise_ids)]
    if not promises:
        return 0
    identity = promises[0].response.identity if promises[0].channel == "mail" else None
    if identity and not _may_write(identity, promises, now):
        return 0
    by_mail(identity, promises, now) if identity else on_page(promises, now)
    return len(promises)


def _may_write(identity: Identity, promises: list[Promise], now: datetime) -> bool:
    """One update a person a day; what falls due today, and corrections, do not wait."""
    timezone = promises[0].response.survey.organisation.timezone
    today = clock.end_of_day(clock.local_date(now, timezone), timezone)
    urgent = any(p.due_at <= today or p.kind == "outcome" or how(untold(p)) == "correction" for p in promises)
    return urgent or not written_today(identity, timezone, now)


def by_mail(identity: Identity, promises: list[Promise], now: datetime) -> None:
    envelope, last = Envelope(identity), promises[-1]
    ends = [_end(p, now) for p in promises]
    pieces = tuple(part(e.promise, e.tags, envelope.status(e.promise.response), e.following) for e in ends)
    written = letter("update", last.response, last, now, pieces=pieces, unsubscribe=envelope.unsubscribe)
    message = send(envelope, written, _message_kind(ends), last.response.language, now)
    for ending, told in zip(ends, pieces, strict=True):
        _finish(ending, message, _alone(ending.promise, told, now), now)


def on_page(promises: list[Promise], now: datetime) -> None:
    for promise in promises:
        ending = _end(promise, now)
        told = part(promise, ending.tags, "", ending.following)
        _finish(ending, None, _alone(promise, told, now), now)


def _end(promise: Promise, now: datetime) -> Ending:
    """It is told; what was planned is owed from now on, and the same message says so."""
    tags = untold(promise)
    end(promise, "told", now)
    db.session.flush()
    following = promise_next(promise, plans_of(promise.response, (t.action for t in tags)), now)
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
    return piece(promise.response, quotes, actions, status, digest, announced=following, first_heard=new)


def digest_words(promise: Promise) -> str:
    """The round's "you said, we did", in the respondent's language where somebody wrote it."""
    return words_for(promise.response, promise.response.round.digest)


def untold(promise: Promise) -> list[Tag]:
    comments = comments_of(promise.response)
    return [t for c in comments for t in c.tags if t.told_at is None and t.withdrawn_at is None]


def _finish(ending: Ending, message: Message | None, written: Letter, now: datetime) -> None:
    promise, tags = ending.promise, ending.tags
    update = conclude(promise, how(tags), message, page_words(written, promise.response.language), now)
    if ending.following:
        announce(ending.following, message, "", now)
    mark_told(update, tags, now)
    if not tags:
        mark_digest(update)


def mark_told(update: Update, tags: Iterable[Tag], now: datetime) -> None:
    """Each tag is told by this update; kind and dates are kept as they were read."""
    today = clock.local_date(now, update.promise.response.survey.organisation.timezone)
    for tag in tags:
        tag.told_at, action = now, tag.action
        kept = {"kind": action.kind, "due_on": action.day, "done_on": action.done_on, "told_on": today}
        db.session.add(Told(update=update, tag=tag, action=action, **kept))


def how(tags: Iterable[Tag]) -> str:
    """How somebody was told: by the weightiest of the actions; without any, by the digest."""
    tags = list(tags)
    if any(t.again and t.action.corrects_id for t in tags):
        return "correction"
    return min((t.action.kind for t in tags), key=STRENGTH.index, default="digest")


def _message_kind(ends: list[Ending]) -> str:
    hows = {how(e.tags) for e in ends}
    return "correction" if "correction" in hows else "digest" if hows == {"digest"} else "update"
