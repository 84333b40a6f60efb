"""A report for whoever got the link by mail: no sign-in, no cookie, and nothing but this one report."""

from datetime import datetime

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, links
from core.access import public
from core.db import db, writing
from core.languages import LANGUAGES
from core.origins import from_anywhere
from core.public_pages import bound_form, letterhead, speak
from reports.models import Report
from reports.schedules.models import Delivery, Part
from reports.schedules.readers import may_read
from reports.schedules.report_mail import last_day
from reports.schedules.scheduling import stop
from reports.views import pdf_response
from surveys.invitations.asking import masked

blueprint = Blueprint("reports_public", __name__)
blueprint.before_request(bound_form)

ONE_CLICK = "One-Click"


@blueprint.get("/reports/read/<token>")
@public
def reading(token: str) -> ResponseReturnValue:
    """What was sent, and a button for those who want no more of it; opening it stops nothing."""
    found = _delivery(token)
    return _page(found, token, clock.now())


@blueprint.get("/reports/read/<reading>/<int:part>.pdf")
@public
def reading_pdf(reading: str, part: int) -> Response:
    """The archived bytes, for ninety days."""
    found, now = _delivery(reading), clock.now()
    of_run = db.session.get(Part, (found.run_id, part)) or abort(404)
    if is_over(found, now):
        abort(410, _("This link opened the report for ninety days. Whoever sent it to you can give it to you again."))  # fmt: skip
    if of_run.report.state != "ready":
        abort(503, _("This report is being made again. Come back in a few minutes."))
    return pdf_response(of_run.report)


@blueprint.post("/reports/read/<token>")
@from_anywhere
@public
def stop_reading(token: str) -> ResponseReturnValue:
    """One click, from our button or from a mail program (RFC 8058); it may be sent twice."""
    found, now = _delivery(token), clock.now()
    if request.form.get("List-Unsubscribe") != ONE_CLICK:
        return _page(found, token, now), 422
    with writing():
        stop(_delivery(token).reader, now)
    return _page(_delivery(token), token, now)


def _delivery(token: str) -> Delivery:
    """404 for any other, for an older version, and for whoever may not read it any more."""
    id, version = links.read(token, "report")
    found = db.session.scalar(select(Delivery).where(Delivery.id == id, Delivery.link_version == version))
    return found if found and may_read(found.reader) else abort(404)


def is_over(found: Delivery, now: datetime) -> bool:
    """A link that opens until a day opens all of that day."""
    zone = found.run.schedule.organisation.timezone
    return clock.local_date(now, zone) > last_day(found.at, zone)


def _page(found: Delivery, token: str, now: datetime) -> str:
    schedule = found.run.schedule
    speak(schedule.organisation, list(LANGUAGES), schedule.language)
    ready: list[Report] = [part.report for part in found.run.parts if part.report.state == "ready"]
    return render_template(
        "reports/reading.html", found=found, token=token, reports=ready, over=is_over(found, now), address=masked(found.address),
        **letterhead(schedule.organisation, list(LANGUAGES), now),
    )  # fmt: skip
