"""The respondent's verdict: is it clear, does it solve it? A no opens the loop again, at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.db import db
from followup.models import Verdict
from promises.models import Promise
from promises.opening import owe
from surveys.models import Response
from triage.commenting import reopen


@dataclass(frozen=True, slots=True)
class Judgement:
    """None: not asked or not said."""

    clear: bool | None
    solved: bool | None
    words: str
    nonce: str


def judge(response: Response, judgement: Judgement, now: datetime) -> Verdict:
    """Record a verdict once; a no becomes a promise and lands on a person's desk, in the same transaction."""
    earlier = db.session.scalar(select(Verdict).where(Verdict.nonce == judgement.nonce))
    if earlier:
        return earlier
    verdict = _record(response, judgement, now)
    if judgement.clear is False or judgement.solved is False:
        _back_to_the_desk(response, "not_solved" if judgement.solved is False else "not_clear", now)
    return verdict


def _record(response: Response, judgement: Judgement, now: datetime) -> Verdict:
    last = db.session.scalar(
        select(Promise)
        .where(Promise.response_id == response.id, ~Promise.is_cancelled)
        .order_by(Promise.id.desc())
        .limit(1)
    )
    verdict = Verdict(
        organisation_id=response.organisation_id, response=response, promise=last, nonce=judgement.nonce,
        clear=judgement.clear, solved=judgement.solved, words=judgement.words, created_at=now,
    )  # fmt: skip
    db.session.add(verdict)
    audit.record("verdict.received", verdict, now, clear=judgement.clear, solved=judgement.solved)
    return verdict


def _back_to_the_desk(response: Response, because: str, now: datetime) -> None:
    reopen(response, because, now)
    if not response.erased_at:
        owe(response, because, now)
