"""What stood in a digest that was told, and no longer holds: which digests, who heard them, what they say since then.

Only rows are written here. followup/digests/retelling_digests.py tells who heard it; whoever hears the digest later
reads below it what was put right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select

from core import clock
from core.db import db
from core.voice import speaking
from followup import wording
from followup.deeds import deed
from followup.digests.actions import heard_its_digest, rounds_that_plan, told_in
from followup.digests.models import DigestAction, DigestCorrection, HeardRight, PublishedAction
from followup.letters import Piece, piece
from promises.models import Promise, Update
from surveys.models import Round
from surveys.models_responses import Response
from triage.models import Action


def put_digests_right(wrong: Action, right: Action, now: datetime) -> int:
    """A row for each digest that said what no longer holds; safe to call again. Returns how many there are."""
    known = {(c.round_id, c.wrong_id) for c in db.session.scalars(_by(right))}
    found = said_in_digests(wrong)
    _add(((round_id, said_id, right.id) for round_id, said_id in found - known), now)
    return len(found | known)


def tell_digests_done(plan: Action, now: datetime) -> int:
    """A row for each digest whose readers heard the plan; safe to call again. Returns how many are new."""
    outcomes = _by(plan).where(DigestCorrection.wrong_id == plan.id)
    known = {c.round_id: c for c in db.session.scalars(outcomes)}
    for correction in known.values():
        correction.carried_at = None
    return _add(((round_id, plan.id, plan.id) for round_id in rounds_that_plan(plan) - set(known)), now)


def digests_to_come(old: Action, new: Action) -> set[int]:
    """Rounds whose readers would hear `new` instead of `old`, or that it is done, and for which there is no row yet."""
    known = {c.round_id for c in db.session.scalars(_by(new)) if c.is_outcome == (old is new)}
    rounds = rounds_that_plan(old) if old is new else {round_id for round_id, _ in said_in_digests(old)}
    return rounds - known


def _add(rows: Iterable[tuple[int, int, int]], now: datetime) -> int:
    made = [
        DigestCorrection(round_id=round_id, wrong_id=wrong_id, action_id=action_id, made_at=now)
        for round_id, wrong_id, action_id in sorted(rows)
    ]
    db.session.add_all(made)
    db.session.flush()
    return len(made)


def said_in_digests(action: Action) -> set[tuple[int, int]]:
    """(round, the action whose words stood there): where it stood itself, and where it put another right."""
    itself = {(round_id, action.id) for round_id in _rounds_with(action)}
    return itself | {(c.round_id, c.wrong_id) for c in db.session.scalars(_by(action)) if not c.is_outcome}


def _by(right: Action) -> Select[DigestCorrection]:
    return select(DigestCorrection).where(DigestCorrection.action_id == right.id)


def _rounds_with(action: Action) -> Iterable[int]:
    """Rounds that were answered: whose words tell it, or on whose page for everybody it stands."""
    told = select(DigestAction.round_id).where(DigestAction.action_id == action.id)
    shown = select(PublishedAction.round_id).where(PublishedAction.action_id == action.id)
    stands = or_(Round.id.in_(told), Round.id.in_(shown))
    return db.session.scalars(select(Round.id).where(Round.approved_at.is_not(None), stands))


def put_right_beforehand(round: Round, now: datetime) -> int:
    """What was withdrawn, or done, after its words were kept for this digest, and before anybody heard them: how many such words."""
    told = told_in(round)
    actions = list(db.session.scalars(select(Action).where(Action.id.in_(told))))
    rights = [(a.id, right.id) for a in actions if a.withdrawn_at and (right := _holder(a))]
    done = [
        (a.id, a.id)
        for a in actions
        if not a.withdrawn_at and (told[a.id].kind, a.kind) == ("planned", "done")
    ]
    known = {(c.wrong_id, c.action_id) for c in _of(round.id)}
    return _add(((round.id, *pair) for pair in {*rights, *done} - known), now)


def _holder(wrong: Action) -> Action | None:
    """What holds in its place: a correction of it, or of that one."""
    rights = db.session.scalars(
        select(Action).where(Action.corrects_id == wrong.id).order_by(Action.id.desc())
    )
    return next((held for r in rights if (held := _holder(r) if r.withdrawn_at else r)), None)


def heard_in_a_digest(wrong: Action) -> Select[int]:
    """Ids of the answers whose people were told a digest with this in its words."""
    said = said_in_digests(wrong)
    told = select(DigestAction.round_id, DigestAction.action_id)
    told = told.where(DigestAction.action_id.in_({said_id for _round, said_id in said}))
    rounds = {round_id for round_id, said_id in db.session.execute(told) if (round_id, said_id) in said}
    return select(Response.id).where(
        Response.round_id.in_(rounds), Response.erased_at.is_(None), heard_its_digest()
    )


def told_by_it(round: Round) -> int:
    """How many answers of a round were told its digest."""
    query = select(func.count(Response.id)).where(Response.round_id == round.id, heard_its_digest())
    return db.session.scalar(query) or 0


def holding(*round_ids: int) -> list[DigestCorrection]:
    """What puts the digests of these rounds right, and holds: the last word on each thing that was wrong."""
    return [c for c in _of(*round_ids) if not c.is_outcome]


def _of(*round_ids: int) -> list[DigestCorrection]:
    """The same, and what was planned there and is done."""
    held = select(DigestCorrection).join(Action, Action.id == DigestCorrection.action_id)
    mine = DigestCorrection.round_id.in_(round_ids), Action.withdrawn_at.is_(None)
    return list(db.session.scalars(held.where(*mine).order_by(DigestCorrection.id)))


def since(round: Round) -> list[DigestCorrection]:
    """What whoever hears the words of a digest only now reads below them."""
    told = told_in(round)
    return [c for c in _of(round.id) if c.wrong_id in told]


def put_right(
    response: Response, pairs: Sequence[tuple[Action, Action]], status: str, following: Promise | None = None
) -> Piece:
    """What stood in the digest and what holds now, as (stood, holds), in the reader's language; the same twice: a plan that is done."""
    rights = list(dict.fromkeys(right for _wrong, right in pairs))
    outcomes = {right for wrong, right in pairs if wrong is right}
    wrong = (deed(w, response.language, response.survey.language).words for w, r in pairs if w is not r)
    written = piece(response, [], rights, status, announced=following, first_heard=outcomes)
    return replace(written, stood=tuple(dict.fromkeys(wrong)), stood_in=response.round.starts_on)


def below_it(response: Response) -> str:
    """What whoever hears the digest only now reads below it; empty where all of it holds."""
    language, survey = response.language, response.survey
    with speaking(language, survey.organisation):
        return "\n\n".join(_paragraph(c, language, survey.language) for c in since(response.round))


def _paragraph(correction: DigestCorrection, language: str, fallback: str) -> str:
    wrong, right = deed(correction.wrong, language, fallback), deed(correction.action, language, fallback)
    before = _("This was planned, and is done by now.")
    if not correction.is_outcome:
        before = _("“%(words)s” was not right. This is what holds:", words=wrong.words)
    lines = [
        before,
        wording.deed_heading(right), right.words, wording.reason(right.reason) if right.reason else "",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def mark_heard(update: Update, actions: Iterable[Action]) -> None:
    """This update told its reader what holds now."""
    for action in dict.fromkeys(actions):
        mark_one(update, action, action.kind)


def mark_one(update: Update, action: Action, kind: str) -> None:
    """The first time counts."""
    response = update.promise.response
    if not db.session.get(HeardRight, (response.id, action.id, kind)):
        told_on = clock.local_date(update.composed_at, response.survey.organisation.timezone)
        db.session.add(
            HeardRight(
                response_id=response.id, action_id=action.id, kind=kind, update_id=update.id, due_on=action.day, told_on=told_on
            )
        )  # fmt: skip


def mark_digest(update: Update) -> None:
    """Whoever hears a digest hears with it what puts it right, and what is done since."""
    mark_heard(update, (c.action for c in since(update.promise.response.round)))
