"""What a mail server writes when a message did not arrive (RFC 3464)."""

from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime

from core.settings import settings
from outbox.envelopes import return_path
from outbox.models import Message

MACHINE = """Reporting-MTA: dns; {server}
Arrival-Date: {arrived}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
Remote-MTA: dns; {server}
Diagnostic-Code: smtp; {reply}
Last-Attempt-Date: {arrived}
"""
HEADERS = "Message-ID: <{key}@{domain}>\nTo: {recipient}\nSubject: {kind}\n"
SENTENCE = "Your message could not be delivered to {recipient}:\n\n    {reply}\n"


def not_delivered(message: Message, reply: str, now: datetime) -> bytes:
    """A delivery status notification of this message; `reply` is what the server said, its status code second."""
    values = {
        "server": f"mx.{message.recipient.rpartition('@')[2]}", "recipient": message.recipient, "reply": reply,
        "status": reply.split()[1], "arrived": format_datetime(now), "key": message.key, "domain": settings().domain,
        "kind": message.kind,
    }  # fmt: skip
    notice = EmailMessage()
    notice["From"], notice["To"] = f"MAILER-DAEMON@{values['server']}", return_path(message.id, settings())
    notice["Subject"], notice["Date"] = "Undelivered Mail Returned to Sender", format_datetime(now)
    notice["Auto-Submitted"] = "auto-replied"
    notice["Message-ID"] = f"<{message.key}.dsn@{values['server']}>"
    notice["Content-Type"] = 'multipart/report; report-type="delivery-status"'
    for kind, text in (("text/plain", SENTENCE), ("message/delivery-status", MACHINE), ("text/rfc822-headers", HEADERS)):
        notice.attach(_part(kind, text.format(**values)))
    return notice.as_bytes()


def _part(kind: str, text: str) -> MIMEPart:
    part = MIMEPart()
    part["Content-Type"] = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    part.set_payload(text)
    return part
