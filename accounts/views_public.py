"""Sign-in: by password, or by a link that works once. No page here needs a cookie."""

from datetime import datetime, timedelta

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import Unauthorized

from accounts import gate, letters, links, people, signing_in, throttle
from accounts.forms import ConsumeForm, LinkForm, SignInForm, StrangersForm, said, show_on
from accounts.models import Staff
from accounts.queries import first_organisation
from core import clock, failures, kept
from core.access import public
from core.db import writing
from core.origins import API
from core.redirects import same_site

blueprint = Blueprint("sign_in", __name__)

ALWAYS = timedelta(milliseconds=300)
"""Longer than asking for a link ever takes: the time must not show whether an address is known."""
LINKS_AN_HOUR = 3


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """The inbox for whoever works here, the sign-in page for everybody else."""
    if g.get("access"):
        return redirect(
            url_for("triage.inbox" if "triage.inbox" in current_app.view_functions else "accounts.settings"),
            303,
        )
    return _page(SignInForm(formdata=None))


@blueprint.get("/sign-in")
@public
def door() -> ResponseReturnValue:
    """Where a browser ends up that loads the page again after a wrong password."""
    return redirect(url_for("sign_in.home"), 303)


@blueprint.post("/sign-in")
@public
def by_password() -> ResponseReturnValue:
    """Judge an address and a password, slowly where somebody guesses."""
    form, now = SignInForm(), clock.now()
    if not (form.email.data and form.password.data):
        form.validate()
        return _page(form, 422)
    tried = throttle.subjects("password", form.email.data, request.remote_addr)
    try:
        with writing():
            throttle.admit(tried, now)
    except throttle.TooOften as slower:
        return _page(form, show_on(form, slower), {"Retry-After": slower.seconds})
    if not form.validate():
        return _page(form, 401)
    return _entered(form, form.email.data, tried, now)


def _entered(
    form: SignInForm, mail: str, tried: tuple[throttle.Subject, throttle.Subject], now: datetime
) -> ResponseReturnValue:
    with writing():
        staff = people.find(mail)
        if staff and first_organisation(staff.id):
            throttle.forgive(tried, now)
            signing_in.enter(staff, now)
    return (
        _onward(form)
        if "key" in session
        else _page(form, 401, sentence=_("You no longer work for an organisation here."))
    )


def _onward(form: StrangersForm) -> ResponseReturnValue:
    """To the page they wanted, or to the words that they could not send."""
    words = kept.unpack(form.kept.data or "")
    if words is None:
        return redirect(same_site(form.next.data or "/"), 303)
    gate.identify()
    return render_template("accounts/send_again.html", kept=words, sendable=True)


@blueprint.post("/sign-in/links")
@public
def ask_link() -> ResponseReturnValue:
    """Mail a link to somebody who is known; say the same, after the same time, to anybody."""
    form, now = LinkForm(), clock.now()
    if not form.validate():
        return _page(SignInForm(formdata=None), 422, link_form=form)
    try:
        with throttle.at_least(ALWAYS):
            _mail_link(said(form.email), now)
    except throttle.TooOften as slower:
        return _page(
            SignInForm(formdata=None), show_on(form, slower), {"Retry-After": slower.seconds}, link_form=form
        )
    return render_template(
        "accounts/link_sent.html", email=form.email.data, minutes=links.BY_MAIL // timedelta(minutes=1)
    )


def _mail_link(mail: str, now: datetime) -> None:
    staff, token = people.find(mail), links.draw()
    at = first_organisation(staff.id) if staff and staff.active else None
    letter = letters.sign_in(at, staff.name, staff.language, token, now) if at and staff else None
    with writing():
        throttle.admit(throttle.subjects("link", mail, request.remote_addr, LINKS_AN_HOUR), now)
        if letter and staff:
            letters.post(letter, staff.id, token, staff.name, staff.email, now)


@blueprint.get("/sign-in/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """A button: mail scanners open links, and this one works once."""
    owner = links.owner(token, clock.now())
    return _button(owner, token) if owner else _used_up()


@blueprint.post("/sign-in/<token>")
@public
def consume(token: str) -> ResponseReturnValue:
    """Use the link up and begin a session; who has no password yet may choose one."""
    form, now = ConsumeForm(), clock.now()
    owner = links.owner(token, now)
    if owner and not form.validate():
        return _button(owner, token, form, 422)
    with writing():
        staff = links.consume(token, now)
        if staff:
            signing_in.enter(staff, now, by_link=True)
    return (
        redirect(url_for("accounts.password" if not staff.password else "sign_in.home"), 303)
        if staff
        else _used_up()
    )


def _button(owner: Staff, token: str, form: ConsumeForm | None = None, status: int = 200) -> Response:
    form = (form or ConsumeForm(formdata=None)).fresh()
    return make_response(
        render_template("accounts/link.html", form=form, name=owner.name, token=token), status
    )


def _used_up() -> Response:
    """Unknown, used, expired: they look alike."""
    sentence = _("This link has been used already, or it is too old. Ask for a new one.")
    return _page(SignInForm(formdata=None), 404, sentence=sentence)


def not_signed_in(error: Unauthorized) -> Response:
    """The sign-in page in the place of the one they wanted; what they typed goes through it."""
    if request.path.startswith(API):
        return failures.failed(error)
    form = SignInForm(formdata=None)
    form.kept.data = kept.pack(kept.kept()) if request.method == "POST" else ""
    form.next.data = request.full_path.rstrip("?") if request.method == "GET" else ""
    words = (
        _("Your session has ended. Sign in, and you can send what you typed.")
        if form.kept.data
        else _("Sign in to go on.")
    )
    return _page(form, 401, sentence=words)


def _page(
    form: SignInForm,
    status: int = 200,
    headers: dict[str, str] | None = None,
    sentence: str = "",
    link_form: LinkForm | None = None,
) -> Response:
    words = {
        "form": form.fresh(),
        "link_form": (link_form or LinkForm(formdata=None)).fresh(),
        "sentence": sentence,
    }
    return make_response(
        render_template("accounts/sign_in.html", kept=kept.unpack(form.kept.data or ""), **words),
        status,
        headers or {},
    )
