"""What a message that came in is: by its machine-readable parts (RFC 3464, 5965, 3834), and by its prose only where a machine sent it."""

import re
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import Message as Mail
from email.utils import parseaddr
from hashlib import sha256
from typing import Any

from core.text import one_line
from outbox.incoming.files import File, files_of
from outbox.incoming.free_bounces import free_bounce
from outbox.incoming.machine_reports import NO_REPORT, Report, complaint_report, delivery_report
from outbox.incoming.words import header, plain_text, unknown_charsets, written

TEXT_LIMIT = 20_000
READ_LIMIT = 64 * 1024 * 1024
"""Bytes of a message that are read; what comes after them is said to be missing."""
RAW_LIMIT = 500_000
"""Bytes of it that are kept as they were: its headers and its words, for who doubts how they were read."""
HOPS = 50
"""Servers that a message may have passed; one that goes round in circles passes more."""
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


_BLANK = re.compile(rb"\r?\n\r?\n")
MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,200}>")
THREAD = 12
"""Messages of a conversation that are named when it goes on: its first one and the last."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What it is, and what it says it is about: `keys` of Message-IDs and `tokens` of our own addresses.

    `digest` is the same whichever way it comes in. `remarks`: [what, detail] of what could not be read as it was.
    """

    raw: bytes
    kind: str
    text: str
    keys: tuple[str, ...]
    tokens: tuple[str, ...]
    digest: str
    report: Report = NO_REPORT
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    thread: tuple[str, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()


def read(raw: bytes, *, cut: bool = False) -> Incoming:
    """Classify one message (`message/rfc822`), whatever bytes it holds. `cut`: only its beginning was given."""
    cut, raw = cut or len(raw) > READ_LIMIT, raw[:READ_LIMIT]
    try:
        found = _read(raw)
    except RecursionError:  # parts within parts within parts
        found = Incoming(
            raw[:RAW_LIMIT], "other", "", (), (), sha256(raw).hexdigest(), remarks=(("nested", ""),)
        )
    return _without_end(found) if cut else found


def _without_end(found: Incoming) -> Incoming:
    """What stood last is not whole: it is named, and not kept."""
    *before, last = found.files or (None,)
    files = (*before, replace(last, kind="", refused="size", content=b"")) if last else ()
    return replace(found, remarks=(*found.remarks, ("cut", "")), files=tuple(f for f in files if f))


def _read(raw: bytes) -> Incoming:
    mail = message_from_bytes(raw)
    addressed = " ".join(header(mail, name) for name in ADDRESSED)
    tokens = tuple(dict.fromkeys(token.lower() for token in TOKEN.findall(addressed)))
    report = delivery_report(mail) or complaint_report(mail)
    keys = _returned_keys(report) if report else _answered_keys(mail)
    if not report and (report := _free_bounce(mail, raw)):
        keys = (*_returned_keys(report), *keys)
    if report:
        words = report.words[:TEXT_LIMIT]
        return Incoming(
            raw[:RAW_LIMIT], report.kind, words, keys, tokens, _digest(mail, raw), report, **_from(mail)
        )
    kind = _kind(mail, answers=bool(keys or tokens))
    text = (written if kind == "reply" else plain_text)(mail)[:TEXT_LIMIT]
    files = files_of(mail) if kind == "reply" else ()
    return Incoming(
        raw[:RAW_LIMIT], kind, text, keys, tokens, _digest(mail, raw), thread=_thread(mail), remarks=_remarks(mail), files=files, **_from(mail)
    )  # fmt: skip


def _free_bounce(mail: Mail, raw: bytes) -> Report | None:
    """Whoever says by a header that a person is away is no bounce, whatever they quote."""
    return None if AUTOMATIC_SUBJECT.match(header(mail, "Subject").strip()) else free_bounce(mail, raw)


def _from(mail: Mail) -> dict[str, Any]:
    name, address = parseaddr(header(mail, "From"))
    subject = one_line(header(mail, "Subject"), 500)
    return {"sender": one_line(address, 320), "sender_name": one_line(name, 200), "subject": subject}


def _digest(mail: Mail, raw: bytes) -> str:
    """By its Message-ID, who sent it to whom, and its body; by all of its bytes where it has no name of its own.

    The lines that servers put above it on their way differ. Two messages under one name are two.
    """
    own = MESSAGE_ID.search(header(mail, "Message-ID"))
    if not own:
        return sha256(raw).hexdigest()
    named = [own[0], *(" ".join(header(mail, name).split()).casefold() for name in ("From", "To"))]
    return sha256("\n".join(named).encode() + _body(raw)).hexdigest()


def _body(raw: bytes) -> bytes:
    """Each way ends lines as it likes."""
    found = _BLANK.search(raw)
    return raw[found.end() :].replace(b"\r\n", b"\n").strip() if found else b""


def _thread(mail: Mail) -> tuple[str, ...]:
    """What an answer names so that it is shown below this message (RFC 5322 §3.6.4)."""
    own = MESSAGE_ID.findall(header(mail, "Message-ID"))[:1]
    before = MESSAGE_ID.findall(header(mail, "References")) or MESSAGE_ID.findall(header(mail, "In-Reply-To"))
    named = list(dict.fromkeys([*before, *own])) if own else []
    return tuple(named if len(named) <= THREAD else [named[0], *named[1 - THREAD :]])


def _remarks(mail: Mail) -> tuple[tuple[str, str], ...]:
    round_ = (("loop", ""),) if goes_round(mail) else ()
    return (*round_, *(("charset", one_line(charset, 60)) for charset in unknown_charsets(mail)))


def _answered_keys(mail: Mail) -> tuple[str, ...]:
    """Of ours, the nearest first: In-Reply-To, then References from the end."""
    nearest = KEY.findall(header(mail, "In-Reply-To"))
    return tuple(dict.fromkeys([*nearest, *reversed(KEY.findall(header(mail, "References")))]))


def _returned_keys(report: Report) -> tuple[str, ...]:
    return tuple(dict.fromkeys(KEY.findall(report.original_id)))


def _kind(mail: Mail, *, answers: bool) -> str:
    """auto_reply, reply or other."""
    if mail.get_content_type() == "multipart/report" or goes_round(mail):  # a machine says that all went well
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


def goes_round(mail: Mail) -> bool:
    """It passed more servers than there are on any way, or is a mail of ours that came back to us."""
    ours = KEY.search(header(mail, "Message-ID")) and "terugkoppel" in header(mail, "Feedback-ID")
    return bool(ours) or len(mail.get_all("Received", [])) > HOPS
