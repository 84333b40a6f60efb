"""What years leave behind, in every table whose rows are past their time some day: a loop that ran, and whatever lies beside it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, case, cast, insert, literal, select, text, update

from accounts.models import ApiAnswer
from core import clock
from core.db import db, writing
from customers.models import Customer, Identity
from followup.models_replies import Reply
from outbox.incoming.models import IncomingMessage
from outbox.models import Attempt, Message, MessageBody
from promises.models import Promise
from reports.models import Report
from script.benchmarks import loops
from surveys.invitations.models import Invitation, InvitationList
from surveys.models import Survey
from surveys.models_responses import Response
from triage.indexing import index
from triage.models import Comment
from triage.models_index import CommentIndex

OLD = 4_000
"""The first so many answers, and what lies beside them, are years older than all others."""
FEW = 100
"""So many of these are a year older still."""
AGES = ((FEW, 3_000), (OLD, 2_600))
"""(up to which number, days ago)"""
DAYS = 40
"""Over so many days each of the two came in."""
COPIED: tuple[tuple[Any, dict[str, str], tuple[str, ...]], ...] = (
    (Customer, {"id": "customer"}, ()),
    (Identity, {"id": "identity", "customer_id": "customer"}, ("value", "key")),
    (Response, {"id": "response", "customer_id": "customer", "identity_id": "identity"}, ("nonce",)),
    *loops.COPIED[1:],
    (MessageBody, {"message_id": "message"}, ()),
    (Attempt, {"id": "attempt", "message_id": "message"}, ("message_key",)),
    (CommentIndex, {"comment_id": "comment"}, ()),
    (IncomingMessage, {"id": "incoming_message", "message_id": "message"}, ("digest",)),
    (Reply, {"id": "reply", "incoming_id": "incoming_message", "response_id": "response"}, ()),
    (Invitation, {"id": "invitation", "identity_id": "identity", "response_id": "response"}, ()),
    (ApiAnswer, {"id": "api_answer"}, ("idempotency_key",)),
)
LEADS: dict[Any, tuple[tuple[str, ...], int]] = {
    Customer: (("created_at",), 1), Response: (("submitted_at", "received_at"), 1), Promise: (("opened_at", "ended_at"), 2), Message: (("created_at", "sent_at"), 4),
    Attempt: (("at",), 4), IncomingMessage: (("received_at",), 1), Invitation: (("made_at", "send_at", "written_at"), 1), ApiAnswer: (("created_at",), 1),
}  # fmt: skip
"""table → its moments, and how many of its numbers one answer has"""


def gather(survey: Survey, answers: int) -> int:
    """At least this many answers; returns how many. What is old has the smallest numbers, as where time went by."""
    made = min(answers, loops.SEED)
    loops.gather(survey, made)
    with writing():
        _beside(survey, made)
    while made < answers:
        with writing():
            loops.double(made, COPIED)
        made *= 2
    with writing():
        _age(clock.now())
    loops.settle()
    return made


def _beside(survey: Survey, made: int) -> None:
    """Each answer has somebody who gave it; each message words, and a try; one in ten wrote back."""
    now, ours = clock.now(), {"organisation_id": survey.organisation_id}
    here = {model: list(rows) for model, rows in _people(ours, made, now)}
    asked = InvitationList(**ours, survey_id=survey.id, made_by="bench", made_at=now, people=made, finished_at=now)  # fmt: skip
    db.session.add(asked)
    db.session.flush()
    here |= {model: list(rows) for model, rows in _mail(survey, asked.id, made, now)}
    for model, rows in here.items():
        db.session.execute(insert(model), rows)
    whose = {"customer_id": Response.id + 1, "identity_id": Response.id + 1}  # the first is loops' own
    named = update(Response).where(Response.identity_id.is_not(None)).values(whose)
    db.session.execute(named.execution_options(synchronize_session=False))
    apart = update(Message).values(recipient_key=literal("r").concat(cast(Message.id, String)))
    db.session.execute(apart.execution_options(synchronize_session=False))
    index(db.session.scalars(select(Comment.id)).all())
    db.session.add_all(_reports(survey, now))
    db.session.flush()


def _people(ours: dict[str, Any], made: int, now: datetime) -> Iterator[tuple[Any, Iterator[dict[str, Any]]]]:
    numbers = range(2, made + 2)
    yield (
        Customer,
        (ours | {"id": n, "name": f"Rita Ritsema {n}", "language": "en", "created_at": now} for n in numbers),
    )
    yield Identity, (
        ours | {"id": n, "customer_id": n, "kind": "mail", "value": f"r{n}@example.org", "key": f"r{n}@example.org", "created_at": now}
        for n in numbers
    )  # fmt: skip
    yield ApiAnswer, (
        ours | {"id": n, "idempotency_key": f"k{n}", "request_hash": "h" * 64, "status": 201, "body": BODY % n, "created_at": now}
        for n in numbers
    )  # fmt: skip


BODY = '{"id": %d, "status_url": "https://feedback.example.org/f/{token}", "state": "promised", "promise": {"what": "You hear from us", "who": "Sam Signer", "due_at": "2026-11-30T23:00:00+00:00", "channel": "mail"}}'


def _mail(survey: Survey, asked: int, made: int, now: datetime) -> Iterator[tuple[Any, Iterator[dict[str, Any]]]]:  # fmt: skip
    ours, messages = (
        {"organisation_id": survey.organisation_id},
        db.session.execute(select(Message.id, Message.key)).all(),
    )
    words = "Thank you for what you said. We now use a stronger box, and you hear from us again. "
    yield (
        MessageBody,
        ({"message_id": id, "text": words, "html": f"<p>{words}</p>" * 2} for id, _key in messages),
    )
    yield Attempt, (
        {"id": id, "message_id": id, "message_key": key, "at": now, "outcome": "sent", "server": "mx.example.org", "reply": "250 kept"}
        for id, key in messages
    )  # fmt: skip
    there, tenth = {id for id, _key in messages}, range(5, made + 1, 10)
    yield IncomingMessage, (
        ours | {"id": n, "digest": f"d{n}", "received_at": now, "kind": "reply", "message_id": 4 * n if 4 * n in there else None,
        "sender": f"r{n}@example.org", "text": words, "raw": words.encode(), "handled_at": now, "outcome": "attached"} for n in tenth
    )  # fmt: skip
    yield Reply, (ours | {"id": n, "incoming_id": n, "response_id": n, "came_at": now, "words_key": "", "stopped": False} for n in tenth)  # fmt: skip
    yield Invitation, (
        ours | {"id": n, "survey_id": survey.id, "list_id": asked, "identity_id": n + 1, "language": "en", "made_at": now, "send_at": now,
        "written_at": now, "answered_on": now.date() if n % 2 else None, "response_id": n if n % 2 else None} for n in range(1, made + 1)
    )  # fmt: skip


def _reports(survey: Survey, now: datetime) -> Iterator[Report]:
    """One of each month since the oldest answer."""
    for months in range(100):
        day = now.date() - timedelta(days=30 * months)
        yield Report(
            organisation_id=survey.organisation_id, survey_id=survey.id, first_day=day - timedelta(days=29), last_day=day, language="en",
            requested_by="bench", requested_at=now, state="ready", rendered_at=now, data_at=now, sha256="s" * 64, pdf=b"%PDF" * 50_000,
            figures={"verbatims": {"shown": [], "left_out": 0}},
        )  # fmt: skip


def _age(now: datetime) -> None:
    """The smallest numbers of each table are the oldest, day by day."""
    if db.engine.dialect.name != "sqlite":
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    after = 0
    for last, ago in AGES:
        for day in range(DAYS):
            at = now - timedelta(days=ago - day)
            for model, (moments, each) in LEADS.items():
                first = model.id > after * each + 1, model.id <= last * each + 1, model.id % DAYS == day
                aged = {name: _ended(at) if name == "ended_at" else at for name in moments}
                change = update(model).where(*first).values(aged)
                db.session.execute(change.execution_options(synchronize_session=False))
        after = last


def _ended(at: datetime) -> Any:
    """Who is still owed a word goes on being owed it."""
    return case((Promise.ended_at.is_not(None), at), else_=None)
