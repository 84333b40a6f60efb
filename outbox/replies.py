"""What a mail server's reply means for a message, by its code. smtplib has one exception for 421, 450 and 550."""

import re
from dataclasses import replace

from outbox.letters import Outcome

_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
SENDERS_FAULT = {"5.1.7", "5.1.8"}
"""About the sender's address: the recipient's may be fine."""


def before_data(stage: str, code: int, words: str) -> Outcome | None:
    """What a reply to MAIL, RCPT or DATA means; None when we may go on. Nothing was handed over yet."""
    if 200 <= code < 400:
        return None
    if stage == "mail":  # about us and our set-up, never about the address
        return Outcome("retry", code, said(code, words), alarm=code >= 500, everyone=True)
    return refused(code, words) if code >= 500 else Outcome("retry", code, said(code, words))


def after_data(code: int, words: str) -> Outcome:
    """What the reply to the final dot means."""
    if 200 <= code < 300:
        return Outcome("sent", code, said(code, words))
    if 400 <= code < 500:
        return Outcome("retry", code, said(code, words))
    if 500 <= code < 600:  # the content was refused: a person must look, unless the address is gone after all
        outcome = refused(code, words)
        return replace(outcome, alarm=not outcome.suppress)
    return Outcome("unknown", code, said(code, words))


def refused(code: int, words: str) -> Outcome:
    """For good. An address that does not exist is suppressed; everything else is about us."""
    gone = is_gone(enhanced(words))
    ours = code == 554 or enhanced(words).startswith("5.7.") or enhanced(words) in SENDERS_FAULT
    return Outcome("failed", code, said(code, words), suppress=gone, alarm=ours and not gone)


def is_gone(status: str) -> bool:
    """Whether an enhanced status code says that the address does not exist."""
    return status.startswith("5.1.") and status not in SENDERS_FAULT


def is_pause(outcome: Outcome) -> bool:
    """Whether the server asks for fewer mails from us: 421, or 4.7.x."""
    words = outcome.reply.partition(" ")[2]
    return outcome.state == "retry" and (outcome.code == 421 or enhanced(words).startswith("4.7."))


def is_against_us(outcome: Outcome) -> bool | None:
    """Whether it speaks against us or our server: what the breaker counts. None when no server was asked.

    An address that does not exist, a full mailbox, greylisting, a domain that asks for a pause: none of these do.
    """
    if not outcome.asked:
        return None
    silent = outcome.code is None and outcome.state != "sent"
    return outcome.alarm or outcome.everyone or silent


def enhanced(words: str) -> str:
    """The enhanced status code that the words begin with (RFC 3463), or nothing."""
    found = _ENHANCED.match(words.strip())
    return found[0] if found else ""


def said(code: int, words: str) -> str:
    """The server's own words on one line."""
    return f"{code} {' '.join(words.split())}"[:1000]
