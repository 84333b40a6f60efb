"""Large steps as staff see them: those that wait for a manager, and what became of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import joinedload

from core import clock, rows
from core.access import own
from core.application import words
from core.db import Rows, db
from core.models import Organisation
from followup.digests.escalating import alerted
from followup.invitations.inviting_lists import waiting_lists
from followup.models import LargeStep
from followup.steps.large_steps import waiting
from surveys.imports.files import waiting_imports
from surveys.imports.models import Import
from surveys.invitations.models import InvitationList
from surveys.models import Round

LATELY = timedelta(days=7)
"""How long whoever asked is told on top of the inbox that their step was refused."""
MOST = 20
MANY = 200
"""Of those that wait: words that are read first may be many."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line. `state`: waiting, approved or refused; `survey` and `month` of a digest."""

    id: int
    kind: str
    because: str
    title: str
    survey: str
    month: date | None
    messages: int
    usual: int
    asked_by: str
    """Empty where nobody asked by name."""
    asked_at: datetime
    state: str
    decided_by: str
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest that nobody approved, though people were promised it by `due_on`."""

    round_id: int
    survey: str
    month: date
    due_on: date
    people: int


@dataclass(frozen=True, slots=True)
class OnTop:
    """What stands above the inbox; `steps`, `lists` and `imports` only for who may decide, `refused` for who asked."""

    steps: list[Step]
    refused: list[Step]
    digests: list[Digest]
    lists: Sequence[InvitationList] = field(default_factory=list)
    imports: Sequence[Import] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How much there is to decide, all of it together."""
        return len(self.steps) + len(self.digests) + len(self.lists) + len(self.imports)


def on_top(organisation_id: int, staff_id: int | None, *, manager: bool, now: datetime) -> OnTop:
    lately = now - LATELY
    if not any(rows.first(_ANY, organisation_id=organisation_id, lately=lately) or ()):
        return OnTop([], [], _digests(organisation_id, now))
    refused = (
        LargeStep.asked_by_id == staff_id,
        LargeStep.decided_as == "refused",
        LargeStep.decided_at > lately,
    )
    return OnTop(
        steps=waiting_steps() if manager else [],
        refused=_lines(own(LargeStep).where(*refused)) if staff_id else [],
        digests=_digests(organisation_id, now),
        lists=waiting_lists() if manager else [],
        imports=waiting_imports() if manager else [],
    )


_ANY = select(
    or_(
        exists()
        .where(LargeStep.organisation_id == bindparam("organisation_id"))
        .where(or_(LargeStep.decided_at.is_(None), LargeStep.decided_at > bindparam("lately"))),
        exists()
        .where(InvitationList.organisation_id == bindparam("organisation_id"))
        .where(InvitationList.confirmed_at.is_not(None), InvitationList.released_at.is_(None))
        .where(InvitationList.finished_at.is_(None)),
        exists()
        .where(Import.organisation_id == bindparam("organisation_id"))
        .where(Import.wanted_at.is_not(None), Import.usual.is_not(None), Import.approved_at.is_(None))
        .where(Import.finished_at.is_(None), Import.cancelled_at.is_(None), Import.failed.is_(None)),
    )
)
"""On most days there is none, and nothing more is asked."""


def waiting_steps(most: int = MANY) -> list[Step]:
    """Steps of the organisation that wait, oldest first."""
    return _lines(own(LargeStep).where(waiting()), most)


def decided_steps() -> list[Step]:
    """Those that were decided last, newest first."""
    return _lines(own(LargeStep).where(LargeStep.decided_at.is_not(None)), newest=True)


def _lines(query: Rows, most: int = MOST, *, newest: bool = False) -> list[Step]:
    with_subject = joinedload(LargeStep.action), joinedload(LargeStep.round).joinedload(Round.survey)
    ordered = query.order_by(LargeStep.id.desc() if newest else LargeStep.id)
    return [line(s) for s in db.session.scalars(ordered.options(*with_subject).limit(most))]


def line(step: LargeStep) -> Step:
    survey = step.round.survey if step.round else None
    return Step(
        id=step.id, kind=step.kind, because=step.because, title=step.action.title if step.action else "",
        survey=words(survey.title, survey.language) if survey else "", month=step.round.starts_on if step.round else None,
        messages=step.messages, usual=step.usual, asked_by=step.asker, asked_at=step.asked_at, state=step.decided_as or "waiting",
        decided_by=step.decided_by, decided_at=step.decided_at, reason=step.reason,
    )  # fmt: skip


def _digests(organisation_id: int, now: datetime) -> list[Digest]:
    timezone = db.session.get_one(Organisation, organisation_id).timezone
    found = alerted(organisation_id, clock.local_date(now, timezone))
    if not found:
        return []
    rounds = db.session.scalars(select(Round).where(Round.id.in_([w.round_id for w in found])))
    known = {r.id: r for r in rounds.unique()}
    return [
        Digest(
            w.round_id, words(known[w.round_id].survey.title, known[w.round_id].survey.language),
            known[w.round_id].starts_on, w.due_on, w.people,
        )
        for w in found
    ]  # fmt: skip
