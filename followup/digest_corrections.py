"""What stood in a digest that was told, and no longer holds: which digests, who heard them, what they say since then.

Only rows are written here. followup/retelling_digests.py tells who heard it; whoever hears the digest later
reads below it what was put right.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select

from core.db import db
from core.voice import speaking
from followup import wording
from followup.letters import Piece, deed, piece
from followup.models import DigestCorrection, HeardRight, PublishedAction
from promises.models import Promise, Update
from surveys.models import Response, Round
from triage.models import Action, Comment, Tag

PLACE = re.compile(r"\{(?:due|done)_on\}")
"""Where staff left the date to the reader's language."""


def put_digests_right(wrong: Action, right: Action, now: datetime) -> int:
    """A row for each digest that said what no longer holds; safe to call again. Returns how many there are."""
    known = {(c.round_id, c.wrong_id) for c in db.session.scalars(_by(right))}
    found = said_in_digests(wrong)
    new = found - known
    db.session.add_all(
        DigestCorrection(round_id=round_id, wrong_id=said_id, action_id=right.id, made_at=now)
        for round_id, said_id in sorted(new)
    )
    db.session.flush()
    return len(found | known)


def said_in_digests(action: Action) -> set[tuple[int, int]]:
    """(round, the action whose words stood there): where it stood itself, and where it put another right."""
    itself = {(r.id, action.id) for r in _rounds_about(action) if _stands(action, r)}
    return itself | {(c.round_id, c.wrong_id) for c in db.session.scalars(_by(action))}


def _by(right: Action) -> Select[DigestCorrection]:
    return select(DigestCorrection).where(DigestCorrection.action_id == right.id)


def _rounds_about(action: Action) -> Iterable[Round]:
    """Rounds that were answered, with a comment this action is about; those on whose page it stands."""
    tagged = select(Response.round_id).join(Comment).join(Tag).where(Tag.action_id == action.id)
    published = select(PublishedAction.round_id).where(PublishedAction.action_id == action.id)
    told = Round.approved_at.is_not(None), or_(Round.id.in_(tagged), Round.id.in_(published))
    return db.session.scalars(select(Round).where(*told).order_by(Round.id)).unique()


def _stands(action: Action, round: Round) -> bool:
    """It was chosen for everybody to read, or its words are in the digest: what was said to one person alone is not."""
    if action.comment_id:
        return False
    if db.session.get(PublishedAction, (round.id, action.id)):
        return True
    notes = [[p for p in PLACE.split(words) if p.strip()] for words in action.public_note.values()]
    return any(all(p in said for p in parts) for said in round.digest.values() for parts in notes if parts)


def put_right_beforehand(round: Round, now: datetime) -> int:
    """What was withdrawn after its words were kept for this digest, and before anybody heard them: how many such words."""
    tagged = select(Tag.action_id).join(Comment).join(Response).where(Response.round_id == round.id)
    gone = select(Action).where(Action.id.in_(tagged), Action.withdrawn_at.is_not(None))
    found = [
        (each, right)
        for each in db.session.scalars(gone)
        if (right := _holder(each)) and _stands(each, round)
    ]
    db.session.add_all(
        DigestCorrection(round_id=round.id, wrong_id=wrong.id, action_id=right.id, made_at=now)
        for wrong, right in found
    )
    return len(found)


def _holder(wrong: Action) -> Action | None:
    """What holds in its place: a correction of it, or of that one."""
    rights = db.session.scalars(
        select(Action).where(Action.corrects_id == wrong.id).order_by(Action.id.desc())
    )
    return next((held for r in rights if (held := _holder(r) if r.withdrawn_at else r)), None)


def heard_in_a_digest(wrong: Action) -> Select[int]:
    """Ids of the answers whose people were told a digest with this in it."""
    rounds = {round_id for round_id, _said in said_in_digests(wrong)}
    return select(Response.id).where(
        Response.round_id.in_(rounds), Response.erased_at.is_(None), heard_its_digest()
    )


def heard_its_digest() -> ColumnElement[bool]:
    """This response was told "you said, we did" of its round."""
    told = select(Update.id).join(Promise, Promise.id == Update.promise_id)
    return told.where(
        Promise.response_id == Response.id, Update.kind == "ending", Update.how == "digest"
    ).exists()


def told_by_it(round: Round) -> int:
    """How many answers of a round were told its digest."""
    query = select(func.count(Response.id)).where(Response.round_id == round.id, heard_its_digest())
    return db.session.scalar(query) or 0


def holding(*round_ids: int) -> list[DigestCorrection]:
    """What puts the digests of these rounds right, and holds: the last word on each thing that was wrong."""
    held = select(DigestCorrection).join(Action, Action.id == DigestCorrection.action_id)
    mine = DigestCorrection.round_id.in_(round_ids), Action.withdrawn_at.is_(None)
    return list(db.session.scalars(held.where(*mine).order_by(DigestCorrection.id)))


def put_right(
    response: Response, pairs: Sequence[tuple[Action, Action]], status: str, following: Promise | None = None
) -> Piece:
    """What stood in the digest and what holds instead, as (wrong, right), in the reader's language."""
    rights = list(dict.fromkeys(right for _wrong, right in pairs))
    wrong = (deed(each, response.language, response.survey.language).words for each, _right in pairs)
    written = piece(response, [], rights, status, announced=following)
    return replace(written, stood=tuple(dict.fromkeys(wrong)), stood_in=response.round.starts_on)


def below_it(response: Response) -> str:
    """What whoever hears the digest only now reads below it; empty where all of it holds."""
    language, survey = response.language, response.survey
    with speaking(language, survey.organisation):
        return "\n\n".join(_paragraph(c, language, survey.language) for c in holding(response.round_id))


def _paragraph(correction: DigestCorrection, language: str, fallback: str) -> str:
    wrong, right = deed(correction.wrong, language, fallback), deed(correction.action, language, fallback)
    lines = [
        _("“%(words)s” was not right. This is what holds:", words=wrong.words),
        wording.deed_heading(right), right.words, wording.reason(right.reason) if right.reason else "",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def mark_heard(update: Update, action_ids: Iterable[int]) -> None:
    """This update told its reader what holds now."""
    response_id = update.promise.response_id
    for action_id in dict.fromkeys(action_ids):
        if not db.session.get(HeardRight, (response_id, action_id)):
            db.session.add(HeardRight(response_id=response_id, action_id=action_id, update_id=update.id))


def mark_digest(update: Update) -> None:
    """Whoever hears a digest hears with it what puts it right."""
    mark_heard(update, (c.action_id for c in holding(update.promise.response.round_id)))
