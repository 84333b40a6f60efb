"""Sign-in by a link that works once: asking for it, looking at it, using it."""

from datetime import datetime, timedelta

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import letters, links, people, signing_in, throttle
from accounts.forms import ConsumeForm, LinkForm, SignInForm, said, show_on
from accounts.models import Staff
from accounts.queries import first_organisation
from accounts.views_public import blueprint, sign_in_page
from core import clock
from core.access import public
from core.db import writing

ALWAYS = timedelta(milliseconds=300)
"""Longer than asking for a link ever takes: the time must not show whether an address is known."""
LINKS_AN_HOUR = 3


@blueprint.post("/sign-in/links")
@public
def ask_link() -> ResponseReturnValue:
    """Mail a link to somebody who is known; say the same, after the same time, to anybody."""
    form, now = LinkForm(), clock.now()
    if not form.validate():
        return sign_in_page(SignInForm(formdata=None), 422, link_form=form)
    try:
        with throttle.at_least(ALWAYS):
            _mail_link(said(form.email), now)
    except throttle.TooOften as slower:
        return sign_in_page(
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
    return sign_in_page(SignInForm(formdata=None), 404, sentence=sentence)
