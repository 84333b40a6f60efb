"""Tell respondents what was done: group what is due to a person, write one letter, end the promises.

Each group is one transaction that asks again whether it is still ready, so that two clocks, an undo
or a crash in between can neither lose nor repeat anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db, writing
from customers.models import Identity
from followup.carrying import Envelope, send, written_today
from followup.letters import Letter, Piece, letter, page_words, piece
from followup.models import Told
from followup.readiness import Ready, ready
from followup.rounds import words_for
from outbox.models import Message
from promises.ending import conclude, end
from promises.models import Promise
from triage.commenting import comments_of
from triage.models import Tag

STRENGTH = ("done", "planned", "wont_do", "already", "thanks")


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
    _by_mail(identity, promises, now) if identity else _on_page(promises, now)
    return len(promises)


def _may_write(identity: Identity, promises: list[Promise], now: datetime) -> bool:
    """One update a person a day; what falls due today, and corrections, do not wait."""
    timezone = promises[0].response.survey.organisation.timezone
    today = clock.end_of_day(clock.local_date(now, timezone), timezone)
    urgent = any(p.due_at <= today or _how(untold(p)) == "correction" for p in promises)
    return urgent or not written_today(identity, timezone, now)


def _by_mail(identity: Identity, promises: list[Promise], now: datetime) -> None:
    envelope = Envelope(identity)
    pieces = tuple(_piece(p, envelope.status(p.response)) for p in promises)
    last = promises[-1]
    written = letter("update", last.response, last, now, pieces=pieces, unsubscribe=envelope.unsubscribe)
    message = send(envelope, written, _message_kind(promises), last.response.language, now)
    for promise, part in zip(promises, pieces, strict=True):
        _finish(promise, message, _alone(promise, part, now), now)


def _on_page(promises: list[Promise], now: datetime) -> None:
    for promise in promises:
        _finish(promise, None, _alone(promise, _piece(promise, ""), now), now)


def _alone(promise: Promise, part: Piece, now: datetime) -> Letter:
    return letter("update", promise.response, promise, now, pieces=(part,))


def _piece(promise: Promise, status: str) -> Piece:
    response = promise.response
    tags = untold(promise)
    digest = "" if tags else digest_words(promise)
    quotes = list(dict.fromkeys(t.comment.text for t in tags if t.comment.text))
    return piece(response, quotes, list(dict.fromkeys(t.action for t in tags)), status, digest)


def digest_words(promise: Promise) -> str:
    """The round's "you said, we did", in the respondent's language where somebody wrote it."""
    return words_for(promise.response, promise.response.round.digest)


def untold(promise: Promise) -> list[Tag]:
    comments = comments_of(promise.response)
    return [t for c in comments for t in c.tags if t.told_at is None and t.withdrawn_at is None]


def _finish(promise: Promise, message: Message | None, written: Letter, now: datetime) -> None:
    tags = untold(promise)
    update = conclude(promise, _how(tags), message, page_words(written, promise.response.language), now)
    end(promise, "told", now)
    for tag in tags:
        tag.told_at = now
        action = tag.action
        db.session.add(
            Told(
                update=update,
                tag=tag,
                action=action,
                kind=action.kind,
                due_on=action.due_on,
                done_on=action.done_on,
            )
        )


def _how(tags: Iterable[Tag]) -> str:
    """How somebody was told: by the weightiest of the actions; without any, by the digest."""
    actions = [t.action for t in tags]
    if any(a.corrects_id for a in actions):
        return "correction"
    return min((a.kind for a in actions), key=STRENGTH.index, default="digest")


def _message_kind(promises: list[Promise]) -> str:
    hows = {_how(untold(p)) for p in promises}
    return "correction" if "correction" in hows else "digest" if hows == {"digest"} else "update"
