"""Bounces in words of their own, from before RFC 3464 or in spite of it: read by flufl.bounce, where a machine sent them.

A person who quotes such a message is a person: only what names a machine as its sender, or no sender at all, is looked at.
"""

import re
from email import message_from_bytes
from email.message import Message as Mail
from email.utils import parseaddr

from outbox.incoming.machine_reports import Report
from outbox.incoming.words import header, plain_text

MACHINE = re.compile(
    r"mailer-?daemon|postmaster|mail[. ]?(delivery|administrator|system)|delivery (sub)?system|mdaemon|system administrator|mailserver",
    re.IGNORECASE,
)
FAILED = re.compile(
    r"undeliver|non[- ]?deliver|returned mail|returning (message|to sender)|delivery (failure|status|notification)|(deliver|mail).{0,30}(fail|error|could not|not delivered)"
    r"|could not be delivered|failure notice|fail(ed|ure) (mail|delivery)|user unknown|message (delayed|delivery)",
    re.IGNORECASE,
)
ANSWERS = re.compile(r"(re|fwd?|antw?|aw|wg|doorst|tr|sv|r[ée]f)\s*(\[\d+\])?:", re.IGNORECASE)
STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
READ = 200_000
"""Bytes of the mail in which its reason and the Message-ID of what came back are looked for: nobody waits for more."""
RETURNED_ID = re.compile(r"^[> \t]*Message-Id:\s*(<[^<>\s]{1,300}>)", re.IGNORECASE | re.MULTILINE)


def free_bounce(mail: Mail, raw: bytes) -> Report | None:
    """None for anything that is no bounce, or might be a person's."""
    machine, failed = _is_by_machine(mail), _says_failed(mail)
    if not machine and not failed:
        return None
    mail = mail if len(raw) <= READ else message_from_bytes(raw[:READ])
    delayed, gone = _failures(mail)
    if not delayed and not gone and not (failed and (machine or _is_returned(raw))):
        return None
    return _report(mail, raw, delayed, gone)


def _report(mail: Mail, raw: bytes, delayed: list[str], gone: list[str]) -> Report:
    words = plain_text(mail)
    found = STATUS.search(words)
    status = found[1] if found else ""
    return Report(
        kind="bounce",
        recipients=tuple(sorted([*gone, *delayed])),
        permanent=bool(gone) and not status.startswith("4"),
        failed=not delayed,
        status=status,
        words=" ".join(words.split())[:1000],
        original_id=_returned_id(raw),
    )


def _is_by_machine(mail: Mail) -> bool:
    name, address = parseaddr(header(mail, "From"))
    nobody = header(mail, "Return-Path").strip() == "<>" and not address
    return nobody or not address or MACHINE.search(f"{name} {address.partition('@')[0]}") is not None


def _says_failed(mail: Mail) -> bool:
    subject = header(mail, "Subject").strip()
    answers = ANSWERS.match(subject) or mail["In-Reply-To"]
    return bool(FAILED.search(subject)) and not answers


def _failures(mail: Mail) -> tuple[list[str], list[str]]:
    """(still tried, given up): addresses, as flufl.bounce finds them."""
    from flufl.bounce import all_failures

    try:
        return tuple(_addresses(found) for found in all_failures(mail))  # type: ignore[return-value]
    except Exception:  # it reads whatever anybody sends, and is not ours
        return [], []


def _addresses(found: object) -> list[str]:
    """Lines of a broken mail have been taken for addresses."""
    texts = [a.decode("utf-8", "replace") if isinstance(a, bytes) else str(a) for a in found]  # type: ignore[attr-defined]
    return [text.strip("<> ")[:320] for text in texts if "@" in text]


def _is_returned(raw: bytes) -> bool:
    """Whether it holds the headers of another message."""
    return len(RETURNED_ID.findall(raw[:READ].decode("utf-8", "replace"))) > 1


def _returned_id(raw: bytes) -> str:
    """Of the message that came back: the last that is named, for its own stands first."""
    found = RETURNED_ID.findall(raw[:READ].decode("utf-8", "replace"))
    return found[-1] if found else ""
