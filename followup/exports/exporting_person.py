"""Everything that is kept of one person, for themselves: what they said, what they were promised and told, what is noted."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from core.api.rest import iso
from core.db import db
from core.rows import among
from customers.models import Customer, Identity
from followup.erasing import messages_of as asked
from followup.models import Verdict
from outbox.erasing import sent_to
from outbox.incoming.models import IncomingMessage
from outbox.models import Message
from outbox.slots import masked
from outbox.suppressing import suppression
from promises.erasing import messages_of as carried
from promises.models import Promise
from surveys.invitations.forgetting_asked import asked_of
from surveys.invitations.models import Invitation
from surveys.models_responses import Response
from triage.models import Comment
from triage.models_notes import Note


def everything(customers: Sequence[Customer], responses: Sequence[int]) -> dict[str, Any]:
    """As JSON; `customers` are one person, and `responses` the numbers of their answers."""
    addresses = [i for c in customers for i in c.identities]
    return {
        "names": [c.name for c in customers if c.name],
        "known_since": iso(min(c.created_at for c in customers)),
        "language": next((c.language for c in customers if c.language), None),
        "addresses": [_address(i) for i in addresses],
        "asked": [_asked(i) for i in asked_of([i.id for i in addresses])],
        "answers": [_answer(r) for r in _rows(Response, Response.id, responses)],
        "messages": [_message(m) for m in _messages(customers[0].organisation_id, addresses, responses)],
    }


def _rows(model: Any, column: Any, ids: Iterable[int]) -> Sequence[Any]:
    return db.session.scalars(select(model).where(among(column, ids)).order_by(model.id)).all()


def _address(identity: Identity) -> dict[str, Any]:
    held = suppression(identity.organisation_id, identity.value) if identity.kind == "mail" else None
    return {
        "kind": identity.kind, "address": identity.value, "since": iso(identity.created_at), "proved": iso(identity.proved_at),
        "gets_no_mail_because": held.reason if held else None,
    }  # fmt: skip


def _asked(invitation: Invitation) -> dict[str, Any]:
    """Which answer it led to is not said of one without a name: nobody knows."""
    return {
        "survey": invitation.survey.slug, "asked_at": iso(invitation.written_at), "reminded_at": iso(invitation.reminded_at),
        "answered_on": invitation.answered_on.isoformat() if invitation.answered_on else None, "answer": invitation.response_id,
    }  # fmt: skip


def _answer(response: Response) -> dict[str, Any]:
    comments = _rows(Comment, Comment.response_id, [response.id])
    return {
        "id": response.id, "survey": response.survey.slug, "submitted_at": iso(response.submitted_at), "channel": response.channel,
        "language": response.language, "wants_no_report_since": iso(response.declined_at),
        "answers": [
            {"question": a.question.key, "version": a.version, "number": a.number, "text": a.text} for a in response.answers
        ],
        "comments": [_comment(c) for c in comments],
        "promises": [_promise(p) for p in _rows(Promise, Promise.response_id, [response.id])],
        "verdicts": [_verdict(v) for v in _rows(Verdict, Verdict.response_id, [response.id])],
    }  # fmt: skip


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "emotion": comment.emotion, "emotion_is_their_own_word": comment.emotion_theirs, "threat": comment.threat,
        "themes": [t.key for t in comment.themes],
        "done_about_it": [
            {"action": t.action.title, "part": t.part, "personal": t.personal, "told_at": iso(t.told_at)} for t in comment.tags
        ],
        "notes": [{"by": n.by, "at": iso(n.written_at), "text": n.text} for n in _rows(Note, Note.comment_id, [comment.id])],
    }  # fmt: skip


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "kind": promise.kind, "because": promise.because, "who": promise.who.name, "due_at": iso(promise.due_at), "reason": promise.reason,
        "made_at": iso(promise.opened_at), "ended_at": iso(promise.ended_at), "ended_as": promise.ended_as,
        "heard": [{"at": iso(u.composed_at), "how": u.how, "channel": u.channel, "words": u.words} for u in promise.updates],
    }  # fmt: skip


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "at": iso(verdict.created_at), "clear": verdict.clear, "solved": verdict.solved, "words": verdict.words, "emotion": verdict.emotion,
        "phone": verdict.phone,
    }  # fmt: skip


def _messages(
    organisation_id: int, addresses: Iterable[Identity], responses: Sequence[int]
) -> Sequence[Message]:
    mails = [i.value for i in addresses if i.kind == "mail"]
    ids = carried(responses) | asked(responses) | sent_to(organisation_id, mails)
    return _rows(Message, Message.id, ids)


def _message(message: Message) -> dict[str, Any]:
    """Links in it open nothing here."""
    came = select(IncomingMessage).where(IncomingMessage.message_id == message.id)
    return {
        "kind": message.kind, "to": message.recipient, "subject": message.subject, "text": masked(message.text, message.slot, message.links),
        "state": message.state, "written_at": iso(message.created_at), "sent_at": iso(message.sent_at), "server_reply": message.server_reply,
        "came_back": [{"kind": i.kind, "at": iso(i.received_at), "text": i.text} for i in db.session.scalars(came)],
    }  # fmt: skip
