"""A letter to the one who asks for it, handed to the mail server now; what both said is kept. Never inside a transaction."""

import smtplib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from flask_babel import gettext as _

from core.models import Organisation
from core.settings import settings
from outbox.addresses import domain, is_reserved, one_address
from outbox.channels.conversation import words_of
from outbox.channels.overheard import Client, Line, call
from outbox.checks.doors import remedy
from outbox.encoding import UnfitError, mailbox, unstructured
from outbox.holding import held
from outbox.letters import Envelope
from outbox.signing import signed

SECONDS = 20.0


@dataclass(slots=True)
class Conversation:
    """What was said; `problem` in the server's own words and `remedy` where it was not taken."""

    lines: list[Line] = field(default_factory=list)
    problem: str = ""
    remedy: str = ""


def refusal(organisation: Organisation, recipient: str) -> str:
    """Why nothing may leave for this address; empty when it may."""
    if not settings().smtp_url:
        return _("No mail server is set, so there is none to try: set SMTP_URL and start again.")
    if held():
        return _("All mail is on hold: release it first, under Mailbox.")
    if organisation.demo and not is_reserved(recipient):
        return _("A demo writes only to reserved addresses, such as rita@example.com.")
    if settings().mail_allow and domain(recipient) not in {d.casefold() for d in settings().mail_allow}:
        return _("MAIL_ALLOW does not list %(domain)s.", domain=domain(recipient))
    return "" if one_address(recipient) else _("%(mail)s is not one mail address.", mail=recipient)


def send(organisation: Organisation, recipient: str, subject: str, text: str, now: datetime) -> Conversation:
    """Hand it over; whatever goes wrong is told, never raised."""
    told, url = Conversation(), urlsplit(settings().smtp_url)
    try:
        letter = signed(_letter(organisation.name, recipient, subject, text, now), settings())
        client = call(url, settings().domain, SECONDS, told.lines)
        try:
            _hand_over(client, letter)
        finally:
            client.close()
    except (OSError, smtplib.SMTPException, UnfitError) as error:
        told.problem, told.remedy = _problem(error), remedy(error, url)
    return told


def _letter(sender: str, recipient: str, subject: str, text: str, now: datetime) -> Envelope:
    """From the address that all mail comes from, so that it meets what all mail meets."""
    mail = EmailMessage(policy=policy.SMTP)
    mail.set_content(text)
    headers = {
        "From": mailbox(sender, settings().mail_from), "To": recipient, "Subject": unstructured(subject),
        "Date": format_datetime(now), "Message-ID": make_msgid(domain=settings().domain), "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii")
    return Envelope(settings().mail_from, str(one_address(recipient)), head + mail.as_bytes())


def _hand_over(client: Client, letter: Envelope) -> None:
    code, words = client.mail(letter.sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, words, letter.sender)
    code, words = client.rcpt(letter.recipient)
    if code not in {250, 251}:
        raise smtplib.SMTPRecipientsRefused({letter.recipient: (code, words)})
    code, words = client.data(letter.data)
    if code != 250:
        raise smtplib.SMTPDataError(code, words)
    with suppress(OSError, smtplib.SMTPException):  # it was taken: how they part changes nothing
        client.quit()


def _problem(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, words),) = error.recipients.values()
        return words_of(smtplib.SMTPResponseException(code, words))
    return words_of(error)
