"""Who is asking: found out before every request, from the session or from an API key."""

from flask import Flask, Response, g, make_response, request, session
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from accounts import keys
from accounts.queries import workplaces
from accounts.security import Colleague, csrf
from core import failures
from core.access import Access, Role
from core.origins import API, from_our_page
from core.routes import HARMLESS, least_role
from core.voice import address_as


def init_gate(app: Flask) -> None:
    app.before_request(identify)
    app.before_request(require_form_token)
    app.register_error_handler(CSRFError, _out_of_date)


def identify() -> None:
    """Set `g.access` where somebody is known; `require` refuses the others."""
    g.access = None
    if request.path.startswith(API):
        _by_key()
    elif (person := colleague()) is not None:
        _by_session(person)


def colleague() -> Colleague | None:
    """Whoever is signed in, also one who belongs to no organisation."""
    known = "_user_id" in session  # else Flask-Login makes a nobody of each stranger
    return current_user if known and isinstance(current_user, Colleague) else None


def _by_key() -> None:
    scheme, _space, bearer = request.headers.get("Authorization", "").partition(" ")
    secret = request.headers.get("x-api-key") or (bearer.strip() if scheme.lower() == "bearer" else "")
    key = keys.find(secret) if secret else None
    if key:
        g.access = Access(key.organisation_id, Role[key.role], None, f"key {key.name}")


def _by_session(person: Colleague) -> None:
    """The organisation is the one that was chosen, as long as they still belong to it."""
    g.language, g.workplaces, g.show_swearing = person.language, workplaces(person.id), person.show_swearing
    chosen = [w for w in g.workplaces if w.id == session.get("organisation")] or g.workplaces[:1]
    if chosen:
        g.workplace, g.timezone = chosen[0], chosen[0].timezone
        address_as(chosen[0].form_of_address)
        g.access = Access(chosen[0].id, chosen[0].role, person.id, person.name)


def require_form_token() -> None:
    """Whoever is signed in proves that the form came from a page of theirs; strangers' forms have tokens of their own."""
    by_session = g.get("access") and not request.path.startswith(API)
    if request.method in HARMLESS or not request.endpoint or not by_session:
        return
    if least_role(request.endpoint, request.method) is not None:
        csrf.protect()


def _out_of_date(_error: CSRFError) -> Response:
    """Somebody signed in again meanwhile, or another site sent this: only what surely is ours gets a button."""
    sentence = _("This page was opened before you signed in last. Look at what you typed, and send it again.")
    ours = from_our_page() and request.headers.get("Sec-Fetch-Site") == "same-origin"
    return make_response(failures.page(400, sentence, sendable=ours))
