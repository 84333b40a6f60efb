"""What an organisation keeps of those who answer, why, for how long, and what they can do about it: for anybody."""

from flask import abort, render_template
from sqlalchemy import select

from core import clock
from core.access import public
from core.db import db
from core.keeping import kept
from core.languages import LANGUAGES, read_in
from core.models import Organisation
from core.public_pages import letterhead, speak
from reports.privacy.sharing import sharing
from reports.privacy.wording import authority_words, kept_words, shared_words
from reports.retention.own_words import added_words
from reports.schedules.views_reading import blueprint


@blueprint.get("/privacy/<organisation>")
@public
def privacy(organisation: str) -> str:
    """Drawn from what is set up, so that it says what happens."""
    if "\x00" in organisation:  # PostgreSQL holds no such text
        abort(404)
    found = db.session.scalar(select(Organisation).where(Organisation.slug == organisation)) or abort(404)
    speak(found, LANGUAGES)
    return render_template(
        "reports/privacy.html", kept=kept_words(kept(found.id)), shared=shared_words(found, sharing(found)),
        authority=authority_words(found), added=added_words(found, read_in()), reachable=found.mail or found.phone or found.address,
        **letterhead(found, LANGUAGES, clock.now()),
    )  # fmt: skip
