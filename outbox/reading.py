"""What a message that came in is: by its machine-readable parts (RFC 3464, 5965, 3834), never by its prose."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail

from outbox.machine_reports import NO_REPORT, Report, complaint_report, delivery_report
from outbox.words import header, own_words, plain_text

TEXT_LIMIT = 20_000
RAW_LIMIT = 2_000_000
KEY = re.compile(r"<([0-9a-f]{32})@[^<>\s]{1,255}>")
TOKEN = re.compile(r"\+(\d{1,18}\.\d{1,9}\.[a-z2-7]{26})@", re.IGNORECASE)
ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To")
AUTOMATIC = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponse",
    "X-Auto-Response-Suppress",
    "X-MS-Exchange-Inbox-Rules-Loop",
)
AUTOMATIC_SUBJECT = re.compile(
    r"(automatisch(e)? (antwoord|reactie)|automatic reply|auto(matic)?[- ]?reply|out of( the)? office|afwezig(heid)?\b"
    r"|abwesenheitsnotiz|automatische antwort|r[ée]ponse automatique)",
    re.IGNORECASE,
)
REPLY_SUBJECT = re.compile(r"(re|antw?|aw|sv|r[ée]f)\s*(\[\d+\])?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What it is, and what it says it is about: `keys` of Message-IDs and `tokens` of our own addresses."""

    raw: bytes
    kind: str
    text: str
    keys: tuple[str, ...]
    tokens: tuple[str, ...]
    report: Report = NO_REPORT


def read(raw: bytes) -> Incoming:
    """Classify one message (`message/rfc822`), whatever bytes it holds; of a huge one only the beginning."""
    raw = raw[:RAW_LIMIT]
    try:
        return _read(raw)
    except RecursionError:  # parts within parts within parts
        return Incoming(raw, "other", "", (), ())


def _read(raw: bytes) -> Incoming:
    mail = message_from_bytes(raw)
    addressed = " ".join(header(mail, name) for name in ADDRESSED)
    tokens = tuple(token.lower() for token in TOKEN.findall(addressed))
    if report := delivery_report(mail) or complaint_report(mail):
        return Incoming(raw, report.kind, report.words[:TEXT_LIMIT], _returned_keys(report), tokens, report)
    keys = _answered_keys(mail)
    kind = _kind(mail, answers=bool(keys or tokens))
    text = plain_text(mail)
    return Incoming(raw, kind, (own_words(text) if kind == "reply" else text)[:TEXT_LIMIT], keys, tokens)


def _answered_keys(mail: Mail) -> tuple[str, ...]:
    """Of ours, the nearest first: In-Reply-To, then References from the end."""
    nearest = KEY.findall(header(mail, "In-Reply-To"))
    return tuple(dict.fromkeys([*nearest, *reversed(KEY.findall(header(mail, "References")))]))


def _returned_keys(report: Report) -> tuple[str, ...]:
    return tuple(dict.fromkeys(KEY.findall(report.original_id)))


def _kind(mail: Mail, *, answers: bool) -> str:
    """auto_reply, reply or other."""
    if mail.get_content_type() == "multipart/report":  # a machine says that all went well
        return "other"
    answers = answers or any(mail[name] for name in ("In-Reply-To", "References")) or _looks_like_reply(mail)
    if _is_automatic(mail, answers=answers):
        return "auto_reply"
    return "reply" if answers and not _is_bulk(mail) else "other"


def _looks_like_reply(mail: Mail) -> bool:
    return REPLY_SUBJECT.match(header(mail, "Subject").strip()) is not None


def _is_automatic(mail: Mail, *, answers: bool) -> bool:
    """RFC 3834, and what was used before it."""
    submitted = header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted == "auto-replied" or AUTOMATIC_SUBJECT.match(header(mail, "Subject").strip()):
        return True
    older = any(header(mail, name).strip().lower() not in {"", "no", "none"} for name in AUTOMATIC)
    precedence = header(mail, "Precedence").strip().lower() in {"auto_reply", "auto-reply"}
    return older or precedence or (submitted not in {"", "no"} and answers)


def _is_bulk(mail: Mail) -> bool:
    """A list, a newsletter, a machine: no person's answer to us."""
    precedence = header(mail, "Precedence").strip().lower() in {"bulk", "list", "junk"}
    return precedence or any(mail[name] for name in ("List-Id", "List-Unsubscribe", "Feedback-ID"))
