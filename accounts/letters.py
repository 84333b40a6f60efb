"""Mail to colleagues: a link to sign in, and an invitation. Written before `writing()`, frozen inside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template

from accounts import links
from core.inlining import inlined
from core.links import public_url
from core.models import Organisation
from core.reach import reach
from core.voice import speaking
from outbox.freezing import freeze
from outbox.models import Message

DAY = timedelta(days=1)
"""A link that works until a day works all of that day."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a colleague reads, in their language. It holds a live link, so that its bodies are wiped in the end."""

    organisation_id: int
    sender_name: str
    language: str
    subject: str
    text: str
    html: str
    lasts: timedelta


def sign_in(organisation: Organisation, name: str, language: str, token: str, now: datetime) -> Letter:
    return _letter("sign_in", organisation, name, language, token, links.BY_MAIL, now)


def invitation(organisation: Organisation, name: str, language: str, token: str, now: datetime) -> Letter:
    return _letter("invitation", organisation, name, language, token, links.INVITED, now)


def _letter(
    folder: str,
    organisation: Organisation,
    name: str,
    language: str,
    token: str,
    lasts: timedelta,
    now: datetime,
) -> Letter:
    with speaking(language, organisation):
        words = {
            "organisation": organisation, "name": name, "language": language, "link": links.address(token),
            "last_day": now + lasts - DAY, "minutes": lasts // timedelta(minutes=1), "reference": "", "site": public_url("/"),
            "reach": reach(organisation, now),
        }  # fmt: skip
        subject, text, html = (
            render_template(f"mail/{folder}/{part}", **words)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    subject = " ".join(subject.split())
    return Letter(
        organisation.id,
        organisation.name,
        language,
        subject,
        text.strip() + "\n",
        inlined(html),
        lasts,
    )


def post(letter: Letter, staff_id: int, token: str, name: str, mail: str, now: datetime) -> Message:
    """Make the link work and queue the letter that holds it, inside `writing()`."""
    links.issue(staff_id, token, now, letter.lasts)
    return freeze(
        letter.organisation_id,
        "sign_in",
        mail,
        letter.subject,
        letter.text,
        letter.html,
        letter.sender_name,
        letter.language,
        now,
        recipient_name=name,
        expires_in=letter.lasts,
        secret=True,
    )
