"""What a mail server writes when a message did not arrive (RFC 3464)."""

from datetime import datetime
from email.utils import format_datetime

from core.settings import settings
from outbox.envelopes import return_path
from outbox.models import Message

NOTICE = """\
From: MAILER-DAEMON@{server}
To: {sender}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: <{key}.notice@{server}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{key}.part"

--{key}.part
Content-Type: text/plain; charset=utf-8

Your message to {recipient} could not be delivered: {reply}

--{key}.part
Content-Type: message/delivery-status

Reporting-MTA: dns; {server}
Arrival-Date: {date}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
Remote-MTA: dns; {server}
Diagnostic-Code: smtp; {reply}

--{key}.part
Content-Type: text/rfc822-headers

Message-ID: <{key}@{domain}>
To: {recipient}

--{key}.part--
"""


def not_delivered(message: Message, reply: str, now: datetime) -> bytes:
    """A delivery status notification about this message; `reply` is what the server said: code, status, words."""
    text = NOTICE.format(
        server=f"mx.{message.recipient.rpartition('@')[2]}", sender=return_path(message.id, settings()),
        date=format_datetime(now), key=message.key, domain=settings().domain, recipient=message.recipient,
        reply=reply, status=reply.split()[1],
    )  # fmt: skip
    return text.replace("\n", "\r\n").encode()
