"""Replies: mail that came in about one of our messages lies with the answer it is about, opens it again, and a word is owed.

1. The outbox keeps what came in. 2. This tick finds what nobody handled. 3. One transaction a message: it is attached, the
work opens, the promise is made. What a machine says again and again is kept and sets nothing going: a loop ends here.
"""

import re
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from accounts.models import Staff
from core import audit
from core.db import db, writing
from core.links import keyed_hash
from core.text import search_key
from followup.models import CheckBack
from followup.models_replies import Reply
from outbox.incoming.models import IncomingMessage
from promises.models import Promise, Update
from promises.opening import follower, owe
from surveys.invitations.models import Invitation
from surveys.models_responses import Response
from surveys.unnamed import unnamed
from triage.commenting import on_the_desk, reopen
from triage.escalating import assign
from triage.feeling.threatening import heed
from triage.tagging import open_promise_of

BATCH = 200
DAY = timedelta(hours=24)
SAME = 2
"""How often the same words may come within a day before they are a machine's."""
MANY = 20
"""Mails about one answer within a day; nobody writes more."""


def attach_replies(now: datetime) -> int:
    """Attach what came in; returns how many."""
    waiting = select(IncomingMessage.id).where(IncomingMessage.handled_at.is_(None))
    return sum(
        _attach_once(id, now)
        for id in db.session.scalars(waiting.order_by(IncomingMessage.id).limit(BATCH)).all()
    )


def _attach_once(id: int, now: datetime) -> int:
    """Another clock may attach it at the same moment; the database lets one of them win."""
    try:
        with writing():
            waits = IncomingMessage.id == id, IncomingMessage.handled_at.is_(None)
            found = db.session.scalar(select(IncomingMessage).where(*waits).with_for_update())
            return _attach(found, now) if found else 0
    except IntegrityError:
        return 0


def _attach(came: IncomingMessage, now: datetime) -> int:
    response = answer_of(came.message_id) if came.message_id else None
    came.handled_at = now
    if not response or response.erased_at or response.is_test:
        came.outcome = "nowhere"
        return 0
    with unnamed(response.survey):
        reply = _keep(came, response)
        came.outcome = "stopped" if reply.stopped else "attached"
        if not reply.stopped:
            open_again(response, came.text, now)
    return 1


def answer_of(message_id: int) -> Response | None:
    """The answer that a message of ours was about; of several the last, which its reader has freshest in mind."""
    told = select(Promise.response_id).join(Update, Update.promise_id == Promise.id)
    for ids in (
        told.where(Update.message_id == message_id),
        select(CheckBack.response_id).where(CheckBack.message_id == message_id),
        select(Invitation.response_id).where(Invitation.message_id == message_id),
    ):
        found = db.session.scalar(
            select(Response).where(Response.id.in_(ids)).order_by(Response.id.desc()).limit(1)
        )
        if found:
            return found
    return None


def _keep(came: IncomingMessage, response: Response) -> Reply:
    key = words_key(came)
    reply = Reply(
        organisation_id=response.organisation_id, incoming=came, response=response, came_at=came.received_at, words_key=key,
        stopped=_is_a_loop(response, key, came.received_at),
    )  # fmt: skip
    db.session.add(reply)
    audit.record("response.replied", response, came.received_at, stopped=reply.stopped)
    return reply


def words_key(came: IncomingMessage) -> str:
    """A machine counts its messages and says what time it is: numbers do not make a difference."""
    said = re.sub(r"[\W\d_]+", " ", search_key(came.text))
    return keyed_hash(f"{said} {' '.join(file.name for file in came.files)}")


def _is_a_loop(response: Response, key: str, at: datetime) -> bool:
    before = Reply.response_id == response.id, Reply.came_at > at - DAY, Reply.came_at <= at
    counts = select(func.count(), func.count().filter(Reply.words_key == key)).where(*before)
    all_of_them, the_same = db.session.execute(counts).one()
    return all_of_them >= MANY or the_same >= SAME


def open_again(response: Response, words: str, now: datetime) -> None:
    """A word within the reply time, from whoever has it, on a person's desk; nothing is owed to who wants no word."""
    reopen(response, "reply", now)
    owed = _owed(response, now)
    assign(response, owed.who if owed else follower(response.survey, now), now)
    for comment in on_the_desk(response) if words else ():
        heed(comment, words, now)


def _owed(response: Response, now: datetime) -> Promise | None:
    if response.declined_at or response.history:
        return open_promise_of(response)
    owed = owe(response, "reply", now, _at_work(response))
    db.session.flush()
    return owed


def _at_work(response: Response) -> Staff | None:
    """Whoever has it on their desk; where they are away the signer or the deputy follows."""
    return next((c.assignee for c in on_the_desk(response) if c.assignee), None)
