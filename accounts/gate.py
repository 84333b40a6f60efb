"""Who is asking: before every request, from the session or from an API key."""

from dataclasses import dataclass

from flask import Flask, abort, current_app, g, request, session
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Unauthorized

from accounts import keys
from accounts.queries import Workplace, workplaces
from accounts.security import Colleague, csrf
from core.access import Access, Role
from core.origins import API
from core.routes import HARMLESS, least_role


def init_gate(app: Flask) -> None:
    app.before_request(identify)
    app.before_request(require_form_token)


def identify() -> None:
    """Set `g.access` where somebody is known; `require` refuses the others."""
    if request.path.startswith(API):
        _by_key()
    elif request.endpoint != "static" and isinstance(colleague(), Colleague):
        _by_session(current_user)


def colleague() -> Colleague | None:
    """Whoever is signed in."""
    user = current_user._get_current_object()  # noqa: SLF001
    return user if isinstance(user, Colleague) else None
