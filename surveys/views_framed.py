"""What another site asks of us to show a survey: the script that puts it in a frame, and the page after an answer in it."""

from pathlib import Path

from flask import Response as Sent
from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core import clock, links
from core.access import public
from core.application import LANGUAGES
from core.db import db
from core.public_pages import letterhead, speak
from core.settings import ROOT
from surveys.embedding import let_in
from surveys.models import Response
from surveys.views_public import blueprint
from surveys.wording import reply_words

SCRIPT = Path(ROOT) / "static" / "js" / "embed.js"
HOUR = 3600


@blueprint.get("/embed.js")
@public
def embed_js() -> ResponseReturnValue:
    """At an address that never changes, so it is kept for an hour and not for good."""
    headers = {"Cache-Control": f"public, max-age={HOUR}", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Sent(SCRIPT.read_text(), mimetype="text/javascript", headers=headers)


@blueprint.get("/s/<slug>/answered/<token>")
@public
def answered(slug: str, token: str) -> ResponseReturnValue:
    """It arrived; the page of whoever gave it opens in a window of its own."""
    id, version = links.read(token, "status")
    genuine = (Response.id == id) & (Response.link_version == version) & Response.erased_at.is_(None)
    response = db.session.scalar(select(Response).where(genuine))
    if not response or response.survey.slug != slug:
        abort(404)
    survey = response.survey
    let_in(survey)
    speak(survey.organisation, LANGUAGES, response.language)
    own_page = links.path("status", response.id, response.link_version)
    head = letterhead(survey.organisation, [], clock.now())
    return render_template(
        "surveys/public/answered.html", own_page=own_page, promised=reply_words(survey), **head
    )
