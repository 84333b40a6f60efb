"""Sign-in: by password, or by a link that works once. No page here needs a cookie."""

from datetime import datetime

from flask import (
    Blueprint,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import Unauthorized

from accounts import gate, people, signing_in, throttle
from accounts.forms import LinkForm, SignInForm, StrangersForm, show_on
from accounts.queries import first_organisation
from core import clock, failures, kept
from core.access import public
from core.db import writing
from core.origins import API
from core.redirects import same_site

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """The inbox for whoever works here, the sign-in page for everybody else."""
    if g.get("access"):
        return redirect(url_for("triage.inbox"), 303)
    return sign_in_page(SignInForm(formdata=None))


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
        return sign_in_page(form, 422)
    tried = throttle.subjects("password", form.email.data, request.remote_addr)
    try:
        with writing():
            throttle.admit(tried, now)
    except throttle.TooOften as slower:
        return sign_in_page(form, show_on(form, slower), {"Retry-After": slower.seconds})
    if not form.validate():
        return sign_in_page(form, 401)
    return _entered(form, form.email.data, tried, now)


def _entered(
    form: SignInForm, mail: str, tried: tuple[throttle.Subject, throttle.Subject], now: datetime
) -> ResponseReturnValue:
    with writing():
        staff = people.find(mail)
        working = staff and first_organisation(staff.id)
        if staff and working:
            throttle.forgive(tried, now)
            signing_in.enter(staff, now)
    if working:
        return _onward(form)
    return sign_in_page(form, 401, sentence=_("You no longer work for an organisation here."))


def _onward(form: StrangersForm) -> ResponseReturnValue:
    """To the page they wanted, or to the words that they could not send."""
    words = kept.unpack(form.kept.data or "")
    if words is None:
        return redirect(same_site(form.next.data or "/"), 303)
    gate.identify()
    return render_template("accounts/send_again.html", kept=words, sendable=True)


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
    return sign_in_page(form, 401, sentence=words)


def sign_in_page(
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
