"""What another site asks of us to show a survey: the script that puts it in a frame, and the page after an answer in it."""

from pathlib import Path

from flask import Response as Sent
from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from core import clock, links
from core.access import public
from core.languages import WRITTEN
from core.public_pages import letterhead, ours_and, speak
from core.settings import ROOT
from surveys import queries
from surveys.settings.embedding import let_in
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


@blueprint.get("/s/<slug>/answered")
@public
def answered(slug: str) -> ResponseReturnValue:
    """It arrived; the page of whoever gave it (`?own=`) opens in a window of its own."""
    survey = queries.by_slug(slug) or abort(404)
    let_in(survey)
    speak(
        survey.organisation,
        ours_and(request.args.get("in", "")),
        request.args.get("in", "") if request.args.get("in") in WRITTEN else "",
    )
    own = request.args.get("own", "")
    if own:
        links.read(own, "status")
    head = letterhead(survey.organisation, [], clock.now())
    own_page = links.PATHS["status"] + own if own else ""
    return render_template(
        "surveys/public/answered.html", own_page=own_page, promised=reply_words(survey), **head
    )
