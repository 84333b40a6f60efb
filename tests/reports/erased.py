"""One person whose every word holds a canary, through the whole loop; and where a canary can still be found."""

import json
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader
from sqlalchemy import func, select, text, update

from accounts.models import ApiAnswer
from core.db import db, writing
from core.settings import settings
from customers.models import Customer
from customers.recognising import Contact
from followup.alerts.alerting_writing import alert_staff
from followup.composing import compose_due
from followup.gratitude import pass_on_compliments
from followup.judging import Judgement, judge
from followup.notes.noting import note
from followup.receipts import compose_receipts
from outbox.incoming.receiving import receive
from outbox.models import Attempt, Message
from outbox.models_pace import DomainPause
from reports.asking import ask
from reports.jobs import render_due
from reports.models import Report
from surveys.answering import Submission, submit
from surveys.invitations.inviting import confirm, draw_up
from surveys.invitations.listed import Person, Problem
from surveys.jobs import send_invitations
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import decided, settled
from tests.outbox.post import send
from triage.commenting import comments_of

CANARY = "canary"
MAIL = "CanaryMail@example.com"
WORDS = "Canarycomment: if he comes again I'm going to punch him, says canaryword."
MINUTE = timedelta(minutes=1)


def answered(survey: Survey, now: datetime, mail: str = MAIL) -> Response:
    who = Contact("Canaryname Canaryson", mail, "+31 6 canaryphone", "canarynumber", "en")
    sent = Submission({"csat": (1, None), "comment": (None, WORDS)}, "en", f"canary-nonce-{now}", who)
    with writing():
        return submit(survey, sent, now)


def played(people: Cast, survey: Survey, now: datetime) -> Customer:
    """Answered, alarmed, noted, told, passed on, judged, answered by mail, reported: a canary in every word."""
    response = answered(survey, now)
    compose_receipts(now)
    alert_staff(now + MINUTE)
    _settled(people, response, now)
    compose_due(now + MINUTE)
    pass_on_compliments(now + MINUTE)
    send(now + MINUTE)
    _spoken_back(response, now + 2 * MINUTE)
    _kept_beside(people, now)
    _asked(survey, now)
    with writing():
        ask(survey, now.date(), now.date(), "en", "Alice Adams", now)
    render_due(now)
    customer = db.session.scalars(select(Customer).where(Customer.name.contains("Canaryname"))).one()
    assert canaries() > {
        "customer",
        "identity",
        "answer",
        "message",
        "message_body",
        "comment_index",
        "invitation_list",
        "note",
        "verdict",
        "tag",
    }
    return customer


def _settled(people: Cast, response: Response, now: datetime) -> None:
    with writing():
        (comment,) = comments_of(response)
        note(comment, "Canaryname called about canarynote.", people.bob, [people.alice], now)
        (tag,) = settled(response, decided(people, now), now)
        tag.personal, tag.part, tag.thanks_to_id = "Canarypersonal.", "Canarycomment", people.bob.id
        alone = decided(people, now, "planned")
        alone.title, alone.comment_id = "Canarytitle", comment.id
        alone.public_note = {"en": "Dear canaryname.", "nl": "Beste canaryname."}
        (told_alone,) = settled(response, alone, now)
        told_alone.tagged_by_id = people.bob.id


def _asked(survey: Survey, now: datetime) -> None:
    """By mail; and in a list that is being looked at, once as somebody to ask and once as somebody who cannot be."""
    with writing():
        confirmed = draw_up(
            survey, [Person(1, MAIL, "Canaryname Canaryson")], [], timedelta(), now, question={}
        )
        confirm(confirmed, None, None, now)
    send_invitations(now)
    with writing():
        twice = Problem(2, MAIL, "This address stands in line 1 too.")
        draw_up(survey, [Person(1, MAIL, "Canaryname Canaryson")], [twice], timedelta(), now, question={})


def _spoken_back(response: Response, now: datetime) -> None:
    with writing():
        judge(response, Judgement(True, False, "Canaryverdict.", "canary-no", phone="canaryphone"), now)
    message = db.session.scalars(select(Message).where(Message.kind == "update")).first()
    assert message
    with writing():
        receive(reply_to(message, "Canaryreply."), now)
        receive(_mail("Subject: canarysubject", "About nothing of yours."), now)


def reply_to(message: Message, words: str) -> bytes:
    return _mail(f"In-Reply-To: <{message.key}@{settings().domain}>", words)


def _mail(line: str, words: str) -> bytes:
    return f"From: Canaryname <{MAIL}>\r\nTo: us@example.org\r\n{line}\r\n\r\n{words}\r\n".encode()


def _kept_beside(people: Cast, now: datetime) -> None:
    """What a program was answered, and what mail servers said."""
    body = json.dumps({"id": 1, "text": "Canaryname called about canarynote."})
    with writing():
        db.session.add(ApiAnswer(
            organisation_id=people.webshop.id, idempotency_key="k", request_hash="0" * 64, status=201, body=body, created_at=now
        ))  # fmt: skip
        db.session.add(DomainPause(domain="example.com", until=now, times=1, reason=f"421 not now, <{MAIL}>"))
        theirs = select(Message.id).where(Message.recipient == MAIL)
        db.session.execute(
            update(Attempt).where(Attempt.message_id.in_(theirs)).values(reply=f"250 <{MAIL}> fine")
        )
        db.session.execute(
            update(Message).where(Message.kind == "update").values(server_reply=f"250 <{MAIL}>")
        )


def canaries(word: str = CANARY) -> set[str]:
    """Tables in which it can be read."""
    db.session.rollback()
    return {table for table in _tables() if word in _dump(table)}


def _tables() -> list[str]:
    if settings().sqlite:
        return list(db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
    return list(db.session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))


def _dump(table: str) -> str:
    """Every value of every row, as a person would read it; bytes as letters."""
    rows = db.session.execute(text(f'SELECT * FROM "{table}"')).all()
    return "\n".join(_read(value) for row in rows for value in row).casefold()


def _read(value: object) -> str:
    if not isinstance(value, bytes):
        return str(value)
    return _pdf(value) if value.startswith(b"%PDF") else value.decode("latin-1")


def _pdf(held: bytes) -> str:
    pdf = PdfReader(BytesIO(held))
    files = b"".join(part for parts in pdf.attachments.values() for part in parts)
    return "".join(page.extract_text() for page in pdf.pages) + files.decode("utf-8-sig", "replace")


def in_files(word: str = CANARY) -> list[str]:
    """Files of the installation in which it can be read, the database itself among them."""
    db.session.rollback()
    held = {*settings().folder.rglob("*"), *_database_files()}
    return sorted(f.name for f in held if f.is_file() and word.encode() in f.read_bytes().lower())


def _database_files() -> list[Path]:
    if not settings().sqlite:
        return []
    file = Path(settings().database.removeprefix("sqlite:///"))
    return list(file.parent.glob(f"{file.name}*"))


def index_segments() -> set[str]:
    """Where SQLite only marks what is deleted, until a tick makes the files anew."""
    return {"comment_words_data", "comment_words_open_data"} if settings().sqlite else set()


def totals() -> tuple[int | None, ...]:
    """What may not change: answers and the sum of their scores, messages, reports."""
    db.session.rollback()
    counted = (func.count(Response.id), func.sum(Response.score))
    answers, scores = db.session.execute(select(*counted)).one()
    messages = db.session.scalar(select(func.count(Message.id))) or 0
    return answers, scores, messages, db.session.scalar(select(func.count(Report.id))) or 0
