"""The tick after an erasure, and after a restore: nothing of who was erased stays behind or comes back."""

from datetime import datetime

from sqlalchemy import select, update

from core.database.scrubbing import scrub
from core.db import db, writing
from core.models_keeping import Forgetting
from customers.models_erasure import Erasure
from reports.erasure.erasing import are_missing, erase_again, finish
from reports.retention.keeping_jobs import waiting_to_be_swept
from triage.erasing import compact

TABLES = (
    "customer", "identity", "response", "answer", "comment", "comment_index", "tag", "note", "action", "promise", "promise_update",
    "message", "message_body", "attempt", "incoming_message", "attachment", "reply", "verdict", "api_answer", "report", "customer_merge", "survey_import_file",
    "invitation", "staff_session", "sign_in_link",
)  # fmt: skip
"""Whose old rows PostgreSQL is asked to give up at once."""


def finish_erasures(now: datetime) -> int:
    """Erase what a restored copy brought back; finish what was being sent; make the files of the database anew."""
    return _erase_again(now) + _finish(now) + _sweep_out(now)


def _erase_again(now: datetime) -> int:
    if not are_missing():
        return 0
    with writing():
        return erase_again(now)


def _finish(now: datetime) -> int:
    ids = db.session.scalars(select(Erasure.id).where(Erasure.finished_at.is_(None))).all()
    done = 0
    for id in ids:
        with writing():
            done += finish(db.session.get_one(Erasure, id), now)
    return done


def _sweep_out(now: datetime) -> int:
    """Once for all that are finished; whoever still reads an older state is waited for until the next tick."""
    finished = Erasure.finished_at.is_not(None), Erasure.swept_at.is_(None)
    ids, past = db.session.scalars(select(Erasure.id).where(*finished)).all(), waiting_to_be_swept()
    if not ids and not past:
        return 0
    with writing():
        compact()
    with writing():
        if not scrub(TABLES):
            return 0
        db.session.execute(update(Erasure).where(Erasure.id.in_(ids)).values(swept_at=now))
        db.session.execute(update(Forgetting).where(Forgetting.id.in_(past)).values(swept_at=now))
    return len(ids) + len(past)
