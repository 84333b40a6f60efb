"""A printed letter: a batch is drawn as PDF, printed, and posted by people. No clock ever claims it.

What counts as evidence is a colleague's word, under their name: the batch was posted. Printing is none, so a batch can
be printed as often as a printer jams. A sheet that is spoilt before it is posted waits for the next batch; a letter that
the post brings back is `bounced`, and nothing goes to that address any more.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core import audit
from core.db import Rows, db
from core.errors import Conflict, DomainError
from outbox.models import Attempt, Message, is_waiting
from outbox.models_letters import Batch, Sheet
from outbox.moving import move
from outbox.suppressing import suppress_key

MOST = 50
"""Letters in one batch: what is drawn while somebody waits, and fits a tray."""


def waiting(organisation_id: int) -> int:
    """How many letters are in no batch yet."""
    return db.session.scalar(_waiting(organisation_id).with_only_columns(func.count(Message.id))) or 0


def _waiting(organisation_id: int) -> Rows:
    mine = Message.organisation_id == organisation_id, Message.channel == "letter", Message.state == "queued"
    in_one = select(Sheet.id).where(Sheet.message_id == Message.id, Sheet.spoilt_at.is_(None)).exists()
    return select(Message).where(*mine, is_waiting, ~in_one)


def put_together(organisation_id: int, now: datetime) -> Batch:
    """The letters that wait longest, as one batch; DomainError when there is none."""
    found = db.session.scalars(_waiting(organisation_id).order_by(Message.id).limit(MOST)).all()
    if not found:
        raise DomainError(_("There is no letter to print."))
    batch = Batch(organisation_id=organisation_id, made_at=now, made_by=audit.actor())
    batch.sheets = [Sheet(organisation_id=organisation_id, message=message) for message in found]
    db.session.add(batch)
    db.session.flush()  # a letter that a colleague took at the same moment is refused here
    audit.record("letters.put_together", batch, now, letters=len(found))
    return batch


def batches(organisation_id: int, most: int) -> Sequence[Batch]:
    """The newest first, with their letters."""
    mine = select(Batch).where(Batch.organisation_id == organisation_id).order_by(Batch.id.desc()).limit(most)
    return db.session.scalars(mine.options(selectinload(Batch.sheets).joinedload(Sheet.message))).all()


def whole(batch: Batch) -> list[Message]:
    """The letters of a batch that are printed: not spoilt, and not taken back or erased since."""
    sheets = (sheet for sheet in batch.sheets if not sheet.spoilt_at)
    return [s.message for s in sheets if s.message.state in {"queued", "sent"} and s.message.recipient]


def post(batch: Batch, now: datetime) -> int:
    """They are in the post: from now on they are told. How many; Conflict when somebody said so before."""
    _alone(batch)
    if batch.posted_at:
        raise Conflict(_("This batch was marked as posted already."))
    posted = [
        m for m in whole(batch) if move(m, ("queued",), state="sent", sent_at=now, server_reply="posted")
    ]
    if not posted:
        raise Conflict(_("No letter of this batch is left to post."))
    batch.posted_at, batch.posted_by = now, audit.actor()
    for message in posted:
        _note(message, "posted", "", now)
    audit.record("letters.posted", batch, now, letters=len(posted))
    return len(posted)


def spoil(sheet: Sheet, now: datetime) -> None:
    """Torn, or jammed: it is printed with the next batch. Conflict once it is posted."""
    _alone(sheet.batch)
    db.session.refresh(sheet)
    if sheet.batch.posted_at or sheet.spoilt_at:
        raise Conflict(_("This letter was posted, or taken out, already."))
    sheet.spoilt_at = now
    _note(sheet.message, "spoilt", "", now)
    audit.record("letter.spoilt", sheet.message, now)


def came_back(sheet: Sheet, why: str, now: datetime) -> None:
    """The post brought it back: it reached nobody, and nothing goes there again."""
    message = sheet.message
    if not move(message, ("sent",), state="bounced", server_reply=f"came back. {why}".strip()[:1000]):
        raise Conflict(_("This letter was not posted, or came back already."))
    _note(message, "bounced", why, now)
    suppress_key(message.organisation_id, message.recipient_key, "hard_bounce", now)
    audit.record("letter.came_back", message, now)


def _alone(batch: Batch) -> None:
    """Two colleagues at once: the second sees what the first one did."""
    db.session.refresh(batch, with_for_update=True)


def _note(message: Message, outcome: str, reply: str, now: datetime) -> None:
    tried = {"message_id": message.id, "message_key": message.key, "at": now, "outcome": outcome}
    db.session.add(Attempt(**tried, server=audit.actor(), reply=reply[:1000]))
    db.session.flush()
