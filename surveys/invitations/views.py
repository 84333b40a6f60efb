"""Who was asked, what became of it, and asking somebody again by hand; the public address as a picture to print."""

from io import BytesIO

import segno
from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, links
from core.access import Role, allowed, load, require
from core.errors import DomainError
from core.ids import row_id
from core.saying import written
from surveys.invitations import asked
from surveys.invitations.models import Invitation
from surveys.invitations.sending import ask_again
from surveys.models import Survey
from surveys.views import blueprint


@blueprint.get("/<int:survey_id>/invitations")
@require(Role.viewer)
def asked_page(survey_id: int) -> ResponseReturnValue:
    """Everybody who was asked, newest first; `?state=` one state alone."""
    survey, state = load(Survey, survey_id), request.args.get("state", "")
    listed = asked.page(survey, state, request.args.get("before", type=row_id))
    return render_template(
        "surveys/asked.html", survey=survey, listed=listed, counts=asked.counts(survey), state=state if state in asked.STATES else "",
        lists=asked.open_lists(survey, clock.now()), may_ask=allowed(Role.agent),
    )  # fmt: skip


@blueprint.post("/invitations/<int:invitation_id>/again")
@require(Role.agent)
def again(invitation_id: int) -> ResponseReturnValue:
    """The same link in a new mail."""
    with written(_("They are asked once more: the same link, in a new mail."), refused=DomainError):
        ask_again(load(Invitation, invitation_id), clock.now())
    survey_id = load(Invitation, invitation_id).survey_id
    return redirect(
        url_for("surveys.asked_page", survey_id=survey_id, state=request.form.get("state", "")[:40] or None),
        303,
    )


@blueprint.get("/<int:survey_id>/qr.svg")
@require(Role.viewer)
def qr(survey_id: int) -> Response:
    """The public address as a QR code: black on white, so that every camera reads it."""
    survey, drawn = load(Survey, survey_id), BytesIO()
    code = segno.make(links.public_url(f"/s/{survey.slug}"), error="m", micro=False)
    code.save(
        drawn,
        kind="svg",
        scale=8,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return make_response(drawn.getvalue(), 200, {"Content-Type": "image/svg+xml"})


@blueprint.get("/<int:survey_id>/poster")
@require(Role.viewer)
def poster(survey_id: int) -> ResponseReturnValue:
    """A page to print: the title, the code, and the address in letters for who has no camera."""
    survey = load(Survey, survey_id)
    return render_template(
        "surveys/poster.html", survey=survey, address=links.public_url(f"/s/{survey.slug}")
    )
