"""A batch of letters as one PDF: an address that stands in the window of an envelope, the words, and a way to their page."""

import io
from dataclasses import dataclass
from pathlib import Path

import segno
from flask import render_template

from core import clock
from core.db import db
from core.models import Organisation
from core.reach import Reach, reach
from core.voice import format_date, speaking
from core.voice import gettext as _
from outbox.channels import letter
from outbox.models import Message
from outbox.models_letters import Batch
from outbox.slots import address
from reports.pdf.manuscripts import Manuscript
from reports.pdf.rendering import renderer
from reports.pdf.typefaces import typefaces

STYLE = Path(__file__).parent.parent / "static" / "css" / "letter.css"


@dataclass(frozen=True, slots=True)
class Page:
    """One letter on paper. `codes`: (asset, address) of each status page, as a QR code and in letters."""

    name: str
    address: tuple[str, ...]
    date: str
    subject: str
    paragraphs: tuple[str, ...]
    codes: tuple[tuple[str, str], ...]
    ask: str
    """What can be done on their page."""
    language: str
    reach: Reach


def drawn(batch: Batch) -> bytes:
    """As often as it is asked for, the same; RenderError with a sentence when it cannot be drawn, DomainError when nothing is left.

    The links in it open their pages, so its bytes are kept nowhere.
    """
    organisation = db.session.get_one(Organisation, batch.organisation_id)
    messages, assets = letter.whole(batch), dict[str, bytes]()
    pages = [_page(message, organisation, assets) for message in messages]
    html = render_template("reports/letters/pdf.html", pages=pages, organisation=organisation, batch=batch)
    manuscript = Manuscript(
        html, {"letter.css": STYLE.read_bytes(), **typefaces(html), **assets}, batch.made_at
    )
    db.session.rollback()  # no transaction is open while another process draws
    return renderer.draw(manuscript).pdf


def _page(message: Message, organisation: Organisation, assets: dict[str, bytes]) -> Page:
    with speaking(message.language, organisation):
        day = clock.local_date(message.created_at, organisation.timezone)
        return Page(
            name=message.recipient_name, address=tuple(message.recipient.splitlines()), date=format_date(day, "d MMMM y"),
            subject=message.subject, paragraphs=_paragraphs(message.text), codes=_codes(message, assets), ask=_("Tell us on this page whether that settles it, or write to us:"),
            language=message.language, reach=reach(organisation, message.created_at),
        )  # fmt: skip


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def _codes(message: Message, assets: dict[str, bytes]) -> tuple[tuple[str, str], ...]:
    found = []
    for name, target in message.links.items():
        if target[0] == "status":
            asset, url = f"{name}-{message.id}.png", address(target)
            assets[asset] = _code(url)
            found.append((asset, url))
    return tuple(found)


def _code(url: str) -> bytes:
    """Drawn so large that a telephone reads it from a printer that lacks ink."""
    kept = io.BytesIO()
    segno.make(url, error="m", micro=False).save(kept, kind="png", scale=8, border=2)
    return kept.getvalue()
