"""What did not reach somebody is told in the other way that they allowed; where they allowed none, they are unreachable.

The words stay those that were frozen. Whoever waits for another word keeps it: that promise ends with this message,
which announces its successor by the same date. Found from rows: from then on they are told in the other way.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import audit, clock, rows
from core.db import Rows, db, writing
from customers.models import Identity
from customers.reaching_them import address_id
from followup.carrying import Envelope, send
from followup.letters import Piece, letter
from followup.models import Told
from outbox.channels import OFFERED
from outbox.models import LOST, Message
from outbox.suppressing import suppression
from promises.ending import conclude, end
from promises.models import GOES_ON, Promise, Update
from promises.opening import due_today, open_promise
from promises.standing import carries
from promises.succeeding import succeed
from surveys.models_responses import Response
from triage.tagging import open_promise_of

BATCH = 500


def fall_back(now: datetime) -> int:
    """Tell otherwise whoever allowed it; returns how many answers."""
    found = db.session.scalars(_lost().with_only_columns(Update.id).order_by(Update.id).limit(BATCH)).all()
    return sum(_once(update_id, now) for update_id in found)


def _lost() -> Rows:
    """Endings that did not arrive by the channel that their reader is still told by, and who may be told otherwise."""
    return (
        select(Update)
        .join(Message, carries(Update))
        .join(Promise, Promise.id == Update.promise_id)
        .join(Response, Response.id == Promise.response_id)
        .where(Update.kind == "ending", Message.channel.in_(OFFERED), Message.state.in_(LOST))
        .where(Response.otherwise != "", Response.channel == Message.channel)
        .where(Response.declined_at.is_(None), Response.erased_at.is_(None))
    )


def _once(update_id: int, now: datetime) -> int:
    try:
        with writing():
            lost = db.session.scalar(_lost().where(Update.id == update_id).with_for_update(of=Response))
            return _tell_otherwise(lost, now) if lost else 0
    except IntegrityError:
        return 0  # another clock told it at the same moment


def _tell_otherwise(lost: Update, now: datetime) -> int:
    response = lost.promise.response
    if not _takes(response):
        response.otherwise = ""
        return 0
    response.channel, response.otherwise = response.otherwise, ""
    held = open_promise_of(response)
    audit.record(f"response.falls_back_{response.channel}", response, now)
    if not held and lost.how in GOES_ON:
        return 0  # nothing to say but that there is no news
    promise, following = _owed(response, held, now)
    message = _message(promise, lost.words, now)
    update = conclude(promise, lost.how, message, lost.words, now, following)
    _as_told_before(lost, update, now)
    return 1


def _takes(response: Response) -> bool:
    """Whether the other way leads to them: the page always does, mail where they gave an address that is not blocked."""
    if response.otherwise == "page":
        return True
    mail_id = address_id(response.customer_id, "mail") if response.customer_id else None
    address = db.session.get_one(Identity, mail_id) if mail_id else None
    if not address or suppression(address.organisation_id, address.value):
        return False
    response.identity = address
    db.session.flush()
    return True


def _owed(response: Response, held: Promise | None, now: datetime) -> tuple[Promise, Promise | None]:
    """The promise that this ends, and what is owed from then on."""
    if held:
        return held, succeed(held, "told", now)
    promise = open_promise(response, "more", *due_today(response.survey, now), now)
    db.session.flush()
    end(promise, "told", now)
    return promise, None


def _message(promise: Promise, words: str, now: datetime) -> Message | None:
    response = promise.response
    if response.channel != "mail" or not response.identity:
        return None
    envelope = Envelope(response.identity)
    written = letter(
        "update",
        response,
        promise,
        now,
        pieces=(_piece(response, words, envelope),),
        unsubscribe=envelope.unsubscribe,
    )
    return send(envelope, written, "update", response.language, now)


def _piece(response: Response, words: str, envelope: Envelope) -> Piece:
    survey = response.survey
    return Piece(
        survey=survey.title.get(response.language) or survey.title[survey.language],
        answered_on=clock.local_date(response.submitted_at, survey.organisation.timezone),
        quotes=(), deeds=(), digest="", status=envelope.status(response), frozen=words,
    )  # fmt: skip


def _as_told_before(lost: Update, update: Update, now: datetime) -> None:
    """The same actions, heard at last: the deed is measured from the day they heard of it."""
    today = clock.local_date(now, update.promise.response.survey.organisation.timezone)
    for told in db.session.scalars(select(Told).where(Told.update_id == lost.id).order_by(Told.id)):
        kept = {name: getattr(told, name) for name in ("tag_id", "action_id", "kind", "due_on", "done_on")}
        rows.put(Told, update_id=update.id, told_on=today, **kept)
