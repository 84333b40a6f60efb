"""Mail to colleagues: the one place where it is written and queued. Written before `writing()` where a person waits for it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import render_template

from accounts import links
from accounts.models import Staff
from core.inlining import inlined
from core.links import public_url
from core.models import Organisation
from core.reach import reach
from core.voice import speaking
from outbox import references
from outbox.freezing import freeze
from outbox.models import Message

DAY = timedelta(days=1)
"""A link that works until a day works all of that day."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a colleague reads, in their language."""

    organisation_id: int
    sender_name: str
    language: str
    subject: str
    text: str
    html: str
    lasts: timedelta = timedelta()
    """How long the link in it works; zero: it holds none."""


def sign_in(organisation: Organisation, name: str, language: str, token: str, now: datetime) -> Letter:
    return _with_link("sign_in", organisation, name, language, token, links.BY_MAIL, now)


def invitation(organisation: Organisation, name: str, language: str, token: str, now: datetime) -> Letter:
    return _with_link("invitation", organisation, name, language, token, links.INVITED, now)


def _with_link(
    folder: str, organisation: Organisation, name: str, language: str, token: str, lasts: timedelta, now: datetime
) -> Letter:  # fmt: skip
    written = letter(
        folder, organisation, name, language, now,
        link=links.address(token), last_day=now + lasts - DAY, minutes=lasts // timedelta(minutes=1),
    )  # fmt: skip
    return replace(written, lasts=lasts)


def letter(
    folder: str, organisation: Organisation, name: str, language: str, now: datetime, **facts: Any
) -> Letter:
    """The mail in templates/mail/`folder`, with these facts."""
    with speaking(language, organisation):
        said: dict[str, Any] = {
            "organisation": organisation, "name": name, "language": language, "reference": references.line(), "site": public_url("/"),
            "reach": reach(organisation, now), **facts,
        }  # fmt: skip
        subject = " ".join(render_template(f"mail/{folder}/subject.txt", **said).split())
        text, html = (
            render_template(f"mail/{folder}/{part}", subject=subject, **said)
            for part in ("body.txt", "body.html")
        )
    tidy = re.sub(r"\n{3,}", "\n\n", f"{text}\n\n{said['reference']}").strip() + "\n"
    return Letter(organisation.id, organisation.name, language, subject, tidy, inlined(html))


def tell(written: Letter, staff: Staff, now: datetime) -> Message:
    """Queue what a colleague should know, inside `writing()`."""
    return _queue(written, "alert", staff.name, staff.email, now)


def post(written: Letter, staff_id: int, token: str, name: str, mail: str, now: datetime) -> Message:
    """Make the link work and queue the letter that holds it; its bodies are wiped in the end."""
    links.issue(staff_id, token, now, written.lasts)
    return _queue(written, "sign_in", name, mail, now, expires_in=written.lasts, secret=True)


def _queue(written: Letter, kind: str, name: str, mail: str, now: datetime, **how: Any) -> Message:
    return freeze(
        written.organisation_id, kind, mail, written.subject, written.text, written.html, written.sender_name,
        written.language, now, recipient_name=name, **how,
    )  # fmt: skip
