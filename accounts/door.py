"""Everything that stands between a request and a room: who may come in, as whom, and what stands around their pages."""

from flask import Flask
from werkzeug.exceptions import Unauthorized

from accounts.frame import init_frame
from accounts.gate import init_gate
from accounts.security import init_security
from accounts.signing_in import init_cookie, load
from accounts.views_public import not_signed_in
from core.settings import Settings


def init_door(app: Flask, settings: Settings) -> None:
    """Sign-in, sessions and keys for an application."""
    init_cookie(app, settings)
    manager = init_security(app).login_manager
    manager.user_loader(load)
    manager.request_loader(
        lambda _request: None
    )  # its own reads each body for a kind of token that we never issue
    init_gate(app)
    init_frame(app)
    app.register_error_handler(Unauthorized, not_signed_in)
