"""Reports by machines: delivery status notifications (RFC 3464) and complaints (RFC 5965)."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message as Mail

from outbox.incoming.words import header, payload


@dataclass(frozen=True, slots=True)
class Report:
    """`permanent`: the address or the message was refused for good (class 5). `failed`: it will not arrive any more."""

    kind: str = ""
    recipients: tuple[str, ...] = ()
    permanent: bool | None = None
    failed: bool = False
    status: str = ""
    words: str = ""
    original_id: str = ""


NO_REPORT = Report()


def delivery_report(mail: Mail) -> Report | None:
    """A bounce, or a notice of delay; None for anything else, also for a notice that all went well."""
    groups = [group for group in _groups(mail, "message/delivery-status") if header(group, "Action")]
    bad = [group for group in groups if _action(group) in {"failed", "delayed"}]
    if not bad:
        return None
    failed = [group for group in bad if _action(group) == "failed"]
    told = (failed or bad)[0]
    return Report(
        kind="bounce",
        recipients=tuple(dict.fromkeys(filter(None, map(_recipient, bad)))),
        permanent=any(_is_permanent(group) for group in failed),
        failed=bool(failed),
        status=header(told, "Status").strip().split(" ")[0],
        words=_typed(header(told, "Diagnostic-Code")) or header(told, "Status"),
        original_id=_original_id(mail),
    )


def complaint_report(mail: Mail) -> Report | None:
    """Somebody pressed "this is spam"."""
    for group in _groups(mail, "message/feedback-report"):
        if header(group, "Feedback-Type").strip().lower() in {
            "abuse",
            "fraud",
            "virus",
            "other",
            "opt-out",
            "miscategorized",
        }:
            recipients = [_bare(text) for text in group.get_all("Original-Rcpt-To", [])]
            words = header(group, "Feedback-Type").strip()
            return Report("complaint", tuple(recipients), words=words, original_id=_original_id(mail))
    return None


def _groups(mail: Mail, kind: str) -> Iterator[Mail]:
    """The groups of fields in parts of this type; the first one of a delivery status is about the message."""
    for part in mail.walk():
        if part.get_content_type() == kind:
            encoded = header(part, "Content-Transfer-Encoding").strip().lower() == "base64"
            yield from _decoded(part) if encoded else _inner(part) or _plain(part)


def _inner(part: Mail) -> list[Mail]:
    inner = part.get_payload() if part.is_multipart() else []
    return [mail for mail in inner if isinstance(mail, Mail)]


def _decoded(part: Mail) -> Iterator[Mail]:
    """Nobody may encode such a part, but some do, and the parser then leaves it in one piece."""
    whole = Mail()
    whole["Content-Transfer-Encoding"] = "base64"
    whole.set_payload("".join(payload(inner) for inner in _inner(part)))
    for group in payload(whole).split("\n\n"):
        yield message_from_string(group)


def _action(group: Mail) -> str:
    return header(group, "Action").strip().split(" ")[0].lower()


def _is_permanent(group: Mail) -> bool:
    """Class 5. Class 4 says that it was given up after some days, not that the address is wrong."""
    return not header(group, "Status").strip().startswith("4")


def _recipient(group: Mail) -> str:
    """The address that was written to where the last server knows another kind of address (X.400)."""
    final, original = (_bare(header(group, name)) for name in ("Final-Recipient", "Original-Recipient"))
    return original if "@" in original and "@" not in final else final or original


def _bare(text: str) -> str:
    return _typed(text).strip().strip("<>")


def _typed(text: str) -> str:
    """`rfc822; rita@example.com` and `smtp; 550 …` without their type."""
    kind, found, value = text.partition(";")
    return " ".join((value if found and kind.strip().replace("-", "").isalnum() else text).split())


def _plain(part: Mail) -> list[Mail]:
    """The one group of a complaint, which the parser leaves as text."""
    return [message_from_string(payload(part).lstrip())]


def _original_id(mail: Mail) -> str:
    """The Message-ID of the message that came back, whole or as its headers alone."""
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            return header(message_from_string(payload(part).lstrip()), "Message-ID")
        if part.get_content_type() == "message/rfc822" and (inner := _inner(part)):
            return header(inner[0], "Message-ID")
    return ""
