"""Pages of respondents: their own page with the verdict, unsubscribing, and "you said, we did". No cookie, no script."""

from contextlib import suppress
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

from core import clock, links
from core.access import public
from core.db import db, writing
from core.errors import DomainError
from core.models import Organisation
from core.origins import from_anywhere
from core.public_pages import bound_form, check_text, letterhead, ours_and, speak
from customers.models import Identity
from followup import wording
from followup.judging import Judgement, judge
from followup.own_page.forms_hearing import HearingForm
from followup.own_page.forms_public import OwnForm, VerdictForm
from followup.own_page.hearing import choose
from followup.own_page.published import published
from followup.own_page.status import StatusPage, status
from followup.own_page.unsubscribing import is_blocked, still_owed, unsubscribe
from outbox.streams import PURPOSES
from surveys.invitations.asking import masked
from surveys.invitations.record import record_words
from surveys.models_responses import Response
from surveys.queries import by_slug
from surveys.unnamed import unnamed

blueprint = Blueprint("followup_public", __name__)
blueprint.before_request(bound_form)
blueprint.add_app_template_filter(wording.reason, "reason")

ONE_CLICK = "One-Click"
SOUGHT = 200
"""Characters that are looked for on "you said, we did"."""


class Own(NamedTuple):
    """A respondent's own page, and the forms on it."""

    response: Response
    page: StatusPage
    form: VerdictForm
    hearing: HearingForm


@blueprint.get("/f/<token>")
@public
def own_page(token: str) -> str:
    """What we promised, what was done, and two questions; the thank-you page after an answer."""
    return _render(_blank(_own(token)))


@blueprint.post("/f/<token>")
@public
def verdict(token: str) -> ResponseReturnValue:
    """Record what the respondent says to it, once."""
    own = _blank(_own(token))
    _read(own.form)
    judgement = own.form.judgement() if own.page.asks else None
    if not judgement:
        return _render(own), 422
    _judge_once(own.response, judgement)
    return _back(token)


@blueprint.post("/f/<token>/hearing")
@public
def hearing(token: str) -> ResponseReturnValue:
    """How they want to hear from now on."""
    own = _blank(_own(token))
    _read(own.hearing)
    wish = own.hearing.wish()
    if not wish:
        return _render(own), 422
    try:
        with writing():
            response = own_response(token)
            with unnamed(response.survey):
                choose(response, wish.way, wish.address, clock.now(), wish.otherwise)
    except DomainError as refusal:
        own = _blank(_own(token))
        own.hearing.process(request.form)
        own.hearing["way"].errors = [refusal.sentence]
        return _render(own), refusal.status
    return _back(token)


def _read(form: OwnForm) -> None:
    form.process(request.form)
    check_text(form.form_errors)


def _back(token: str) -> ResponseReturnValue:
    return redirect(links.path("status", *links.read(token, "status")), 303)


def own_response(token: str) -> Response:
    """404 for any wrong address, for the one before a new one was made, and for who was erased."""
    id, version = links.read(token, "status")
    genuine = (Response.id == id) & (Response.link_version == version) & Response.erased_at.is_(None)
    return db.session.scalar(select(Response).where(genuine)) or abort(404)


def _own(token: str) -> Own:
    response = own_response(token)
    speak(response.survey.organisation, ours_and(response.language), response.language)
    page = status(response, clock.now())
    form = VerdictForm(response, page.asks, offers_call=page.offers_call)
    return Own(response, page, form, HearingForm(response))


def _blank(own: Own) -> Own:
    """As it is opened; a link in a mail may have chosen an answer."""
    own.form.blank(request.args.to_dict())
    own.hearing.fill(way=own.hearing.now, otherwise=own.response.otherwise or "page")
    return own


def _render(own: Own) -> str:
    head = letterhead(own.response.survey.organisation, ours_and(own.response.language), clock.now())
    address = links.url("status", own.response.id, own.response.link_version)
    return render_template(
        "followup/public/status.html",
        own=own.page,
        changed=bool(own.page.changed_at) and "changed" in request.args,
        form=own.form,
        hearing=own.hearing,
        address=address,
        path=links.path("status", own.response.id, own.response.link_version),
        **head,
    )


def _judge_once(response: Response, judgement: Judgement) -> None:
    """Sent twice at the same moment, the second finds what the first one said."""
    with suppress(IntegrityError), writing(), unnamed(response.survey):
        judge(response, judgement, clock.now())


@blueprint.get("/u/<token>")
@public
def stop_page(token: str) -> str:
    """A button; a mail scanner that opens it changes nothing."""
    identity, stream = _leaving(token)
    return _stop_page(identity, stream, is_blocked(identity, stream))


@blueprint.post("/u/<token>")
@from_anywhere
@public
def stop(token: str) -> ResponseReturnValue:
    """One click, from our button or from a mail program (RFC 8058); it may be sent twice. `all`: both streams."""
    identity, stream = _leaving(token)
    if request.form.get("List-Unsubscribe") != ONE_CLICK:
        return _stop_page(identity, stream, is_blocked(identity, stream)), 422
    with suppress(IntegrityError), writing():
        for one in PURPOSES if "all" in request.form else (stream,):
            unsubscribe(identity, clock.now(), one)
    return _stop_page(identity, stream, done=True)


def _leaving(token: str) -> tuple[Identity, str]:
    """Whose mail of which stream this link stops; 404 for any other."""
    for stream, purpose in PURPOSES.items():
        with suppress(NotFound):
            return _identity(*links.read(token, purpose)), stream
    raise NotFound


def _identity(id: int, version: int) -> Identity:
    found = db.session.scalar(select(Identity).where(Identity.id == id)) if version == 1 else None
    return found or abort(404)


def _stop_page(identity: Identity, stream: str, done: bool) -> str:
    organisation = db.session.get_one(Organisation, identity.organisation_id)
    offered = ours_and(identity.customer.language)
    speak(organisation, offered, identity.customer.language)
    head = letterhead(organisation, offered, clock.now())
    owed = still_owed(identity) if stream == "service" else ()
    pages = [(_title(r), r.submitted_at, links.path("status", r.id, r.link_version)) for r in owed]
    return render_template(
        "followup/public/stop.html", address=masked(identity.value), stream=stream, done=done, pages=pages,
        both=all(is_blocked(identity, one) for one in PURPOSES), **head
    )  # fmt: skip


def _title(response: Response) -> str:
    return response.survey.title_in(response.language)


@blueprint.get("/s/<slug>/you-said")
@public
def you_said(slug: str) -> str:
    """What was said and what was done, a month at a time, for everybody to read; `?q=` looks for words in it."""
    survey = by_slug(slug) or abort(404, _("There is no survey at this address."))
    language, now = speak(survey.organisation, survey.languages), clock.now()
    sought = request.args.get("q", "").replace("\x00", "").strip()[:SOUGHT]
    head = letterhead(survey.organisation, survey.languages, now)
    title = survey.title_in(language)
    return render_template(
        "followup/public/you_said.html", survey=survey, title=title, rounds=published(survey, language, sought, now), sought=sought,
        asked_language=request.args.get("lang", ""), record=record_words(survey, now), **head,
    )  # fmt: skip
