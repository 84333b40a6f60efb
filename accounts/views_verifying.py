"""Is this mail really from you? Whoever got one gives its reference; nothing personal is said, and no link does it by itself."""

from flask import Blueprint, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from accounts import throttle
from accounts.forms import StrangersForm, show_on
from core import clock
from core.access import public
from core.db import writing
from core.public_pages import bound_form, speak_to_anybody
from outbox import references

blueprint = Blueprint("verifying", __name__)
blueprint.before_request(bound_form)


@blueprint.before_request
def speak() -> None:
    """Before any form is made: its words are looked up in the language of that moment."""
    g.frame = speak_to_anybody()


TRIES = 6
"""Free ones in an hour behind one address, times five: forty bits are not guessed like that."""
ABOUT = {
    "sign_in": _l("It holds a link to sign in, for somebody who works there."),
    "staff": _l("It is for somebody who works there."),
    "survey": _l("It asks how something went."),
    "service": _l("It answers somebody who told them how it went."),
}


class ReferenceForm(StrangersForm):
    """The reference, as it was copied."""

    reference = StringField(
        _l("Reference"),
        validators=[InputRequired(_l("Give the reference: it stands at the foot of the mail."))],
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": 60,
        },
    )


@blueprint.get("/verify")
@public
def page() -> ResponseReturnValue:
    """The question; an address never holds the answer, so that nobody can send one around."""
    return _page(ReferenceForm(formdata=None))


@blueprint.post("/verify")
@public
def answer() -> ResponseReturnValue:
    """Yes, of whom, when and of what kind; or what to do with a mail that is not ours."""
    form, now = ReferenceForm(), clock.now()
    if not form.validate():
        return _page(form, 422)
    _everybody, address = throttle.subjects("verify", "", request.remote_addr, TRIES)
    try:
        with writing():
            throttle.admit((address,), now)
    except throttle.TooOften as slower:
        return _page(form, show_on(form, slower), {"Retry-After": slower.seconds})
    found = references.sent(form.reference.data or "")
    if found:
        g.timezone = found.timezone
    return _page(form, found=found, asked=True)


def _page(
    form: ReferenceForm,
    status: int = 200,
    headers: dict[str, str] | None = None,
    found: references.Sent | None = None,
    *,
    asked: bool = False,
) -> Response:
    about = ABOUT[found.about] if found else ""
    words = render_template(
        "accounts/verify.html", form=form.fresh(), found=found, asked=asked, about=about, **g.frame
    )
    return make_response(words, status, headers or {})
