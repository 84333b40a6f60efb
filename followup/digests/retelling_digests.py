"""What holds now, to everyone who heard otherwise in "you said, we did": once, by mail or on their own page.

What was wrong is put right, and what was planned is done. Whoever is owed nothing: a promise due today is opened and
ended in the transaction of the message. Whoever waits for what comes of a plan has waited for this; whoever waits for
another word keeps it. Who is told the same about another answer of theirs hears it in that one message.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError

from core.db import Rows, db, writing
from followup.carrying import Envelope, send
from followup.digests.actions import heard_its_digest, heard_planned
from followup.digests.corrections import mark_heard, put_right
from followup.digests.models import DigestAction, DigestCorrection, HeardRight
from followup.letters import Piece, letter
from followup.models import Told
from followup.plans.planning import awaits_a_plan, plans_of, promise_next
from followup.rendering import page_words
from outbox.models import Message
from promises.ending import conclude, end
from promises.models import Promise, Update
from promises.opening import due_today, open_promise
from promises.succeeding import succeed
from surveys.models_responses import Response
from triage.models import Action, Comment, Tag
from triage.tagging import open_promise_of

BATCH = 500


@dataclass(frozen=True, slots=True)
class Righting:
    """One answer whose person hears what holds; `following`: what they waited for and still do, or wait for from now on."""

    promise: Promise
    corrections: list[DigestCorrection]
    following: Promise | None

    @property
    def how(self) -> str:
        """A correction, unless all of it was planned and is done."""
        return "done" if all(c.is_outcome for c in self.corrections) else "correction"


def compose_digest_corrections(now: datetime) -> int:
    """Tell everybody who heard a digest what was put right in it; returns how many answers heard it."""
    told = sum(_once(response_id, now) for response_id in _ids())
    _close(now)
    return told


def _ids() -> Iterator[int]:
    """Oldest first; nothing is looked for while no digest is being put right."""
    still_open = select(DigestCorrection.round_id).where(DigestCorrection.carried_at.is_(None))
    rounds, after = set(db.session.scalars(still_open)), 0
    waiting = waiting_for_it().where(Response.round_id.in_(rounds)).with_only_columns(Response.id)
    waiting = waiting.distinct().order_by(Response.id).limit(BATCH)
    while rounds and (found := db.session.scalars(waiting.where(Response.id > after)).all()):
        after = found[-1]
        yield from found


def waiting_for_it() -> Rows:
    """(response, correction) of who heard a digest and not yet what holds now, and may be told."""
    return _unaware().where(DigestCorrection.carried_at.is_(None))


def _unaware() -> Rows:
    """Whoever heard what was wrong and nothing that puts it right; or heard a plan, and not that it is done."""
    outcome = DigestCorrection.wrong_id == DigestCorrection.action_id
    there = exists().where(
        DigestAction.round_id == DigestCorrection.round_id, DigestAction.action_id == DigestCorrection.wrong_id
    )  # fmt: skip
    knows = exists().where(
        HeardRight.response_id == Response.id, HeardRight.action_id == DigestCorrection.action_id,
        or_(~outcome, HeardRight.kind == Action.kind),
    )  # fmt: skip
    wrong = and_(~outcome, there, heard_its_digest())
    planned = and_(outcome, Action.kind == "done", heard_planned(DigestCorrection.action_id))
    query = select(Response.id, DigestCorrection.id).join(
        DigestCorrection, DigestCorrection.round_id == Response.round_id
    )
    return query.join(Action, Action.id == DigestCorrection.action_id).where(
        Action.withdrawn_at.is_(None), Response.declined_at.is_(None), Response.erased_at.is_(None),
        or_(wrong, planned), ~knows,
    )  # fmt: skip


def _close(now: datetime) -> None:
    """Nobody is left: no tick looks at it again."""
    left = waiting_for_it().with_only_columns(DigestCorrection.id)
    still_open = DigestCorrection.carried_at.is_(None)
    done = select(DigestCorrection).where(still_open, DigestCorrection.id.not_in(left))
    if not db.session.scalars(done.limit(1)).first():
        return
    with writing():
        for correction in db.session.scalars(done):
            correction.carried_at = now


def missed() -> list[int]:
    """Corrections that were done with, though somebody heard the old word beside them, or wants to be told again. It only reads."""
    query = _unaware().where(DigestCorrection.carried_at.is_not(None))
    return list(db.session.scalars(query.with_only_columns(DigestCorrection.id).distinct()))


def reopen(ids: list[int]) -> int:
    """The tick looks at these once more; returns how many."""
    for id in ids:
        db.session.get_one(DigestCorrection, id).carried_at = None
    return len(ids)


def _once(response_id: int, now: datetime) -> int:
    try:
        with writing():
            return _tell(db.session.get_one(Response, response_id), now)
    except IntegrityError:
        return 0  # another clock told it at the same moment


def _tell(first: Response, now: datetime) -> int:
    """What goes to one address goes in one message; whoever was written to with it a moment ago has nothing left."""
    by_message = first.channel != "page" and first.identity_id
    theirs = and_(Response.identity_id == first.identity_id, Response.channel == first.channel)
    same = theirs if by_message else Response.id == first.id
    found: dict[int, list[DigestCorrection]] = defaultdict(list)
    rows = waiting_for_it().where(same).order_by(Response.id)
    for response_id, correction_id in db.session.execute(rows):
        found[response_id].append(db.session.get_one(DigestCorrection, correction_id))
    rights = {c.action_id for corrections in found.values() for c in corrections}
    if not found or _is_about_to_hear(same, rights, now):
        return 0
    said = _said_by(same, rights)
    if said and said.promise.response_id in found:  # a bare score that came back, and was told as its own
        mark_heard(said, (c.action for c in found.pop(said.promise.response_id)))
    those = [_righting(db.session.get_one(Response, id), found[id], now) for id in found]
    if those:
        _say(those, said.message if said else None, now)
    return len(those)


def _is_about_to_hear(same: ColumnElement[bool], rights: set[int], now: datetime) -> bool:
    """Of another answer: followup/corrections/retelling.py tells it in the next moment, and this goes along with it."""
    told_again = Tag.again & (Tag.release_at <= now) & Tag.told_at.is_(None) & Tag.withdrawn_at.is_(None)
    reachable = Response.declined_at.is_(None) & Response.erased_at.is_(None)
    query: Rows = select(Tag.id).join(Comment, Comment.id == Tag.comment_id).join(Response)
    found = query.where(same, reachable, told_again, Tag.action_id.in_(rights))
    return db.session.scalar(found.limit(1)) is not None


def _said_by(same: ColumnElement[bool], rights: set[int]) -> Update | None:
    """What said all of it about words of theirs."""
    query = select(Update, Told.action_id).join(Told, Told.update_id == Update.id)
    query = query.join(Promise, Promise.id == Update.promise_id).join(Response)
    query = query.join(Action, and_(Action.id == Told.action_id, Action.kind == Told.kind))
    said = db.session.execute(query.where(same, Told.action_id.in_(rights)).order_by(Update.id)).all()
    return said[-1][0] if {action_id for _update, action_id in said} == rights else None


def _righting(response: Response, corrections: list[DigestCorrection], now: datetime) -> Righting:
    """Owed today, and ended by the message that carries it; what else they wait for stays owed, and what is planned."""
    held = open_promise_of(response)
    if held and not awaits_a_plan(held):
        return Righting(held, corrections, succeed(held, "told", now))
    promise = held or _open(response, corrections, now)
    db.session.flush()
    end(promise, "told", now)
    db.session.flush()
    plans = plans_of(response, (c.action for c in corrections))
    return Righting(promise, corrections, promise_next(promise, plans, now))


def _open(response: Response, corrections: list[DigestCorrection], now: datetime) -> Promise:
    outcome = all(c.is_outcome for c in corrections)
    because, kind = ("planned", "outcome") if outcome else ("correction", "update")
    return open_promise(response, because, *due_today(response.survey, now), now, kind=kind)


def _say(those: Sequence[Righting], said: Message | None, now: datetime) -> None:
    last = those[-1].promise
    identity = last.response.identity if last.response.channel != "page" else None
    message = said
    if identity and not said:
        envelope = Envelope(identity, channel=last.response.channel)
        pieces = tuple(_piece(r, envelope.status(r.promise.response)) for r in those)
        written = letter("update", last.response, last, now, pieces=pieces, unsubscribe=envelope.unsubscribe)
        kind = "correction" if any(r.how == "correction" for r in those) else "update"
        message = send(envelope, written, kind, last.response.language, now)
    for righting in those:
        _finish(righting, message, now)


def _finish(righting: Righting, message: Message | None, now: datetime) -> None:
    promise = righting.promise
    alone = letter("update", promise.response, promise, now, pieces=(_piece(righting, ""),))
    words = page_words(alone, promise.response.language)
    update = conclude(promise, righting.how, message, words, now, righting.following)
    mark_heard(update, (c.action for c in righting.corrections))


def _piece(righting: Righting, status: str) -> Piece:
    pairs = [(c.wrong, c.action) for c in righting.corrections]
    return put_right(righting.promise.response, pairs, status, righting.following)
