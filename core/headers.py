"""What every response carries: a policy that runs only our own scripts and styles, and no trace elsewhere; and what none holds."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

from core.settings import Settings
from core.static_files import FOR_GOOD

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; script-src {own}; style-src {own}; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}{frames}"
)
MAIL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
"""The body of a mail has its styles written into it; nothing in it runs, loads or leads anywhere."""
STEADY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HTTPS = ("Strict-Transport-Security", "max-age=31536000")


def init_headers(app: Flask) -> None:
    app.wsgi_app = _with_steady(app.wsgi_app, app.config["SETTINGS"])  # type: ignore[method-assign,assignment]
    app.after_request(_add)
    app.after_request(_without_nul)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.jinja_env.globals["framing_origins"] = framing_origins


def csp_nonce() -> str:
    """One nonce per response, for its own <script> and <style> elements."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


@contextmanager
def nonce_is(mark: str) -> Iterator[None]:
    """What is drawn meanwhile holds this mark: the nonce of the response is drawn by lot afterwards."""
    g.csp_nonce = mark
    try:
        yield
    finally:
        g.pop("csp_nonce")


def allow_framing(origins: list[str]) -> None:
    """Let the sites named by a survey show this page in a frame."""
    g.frame_ancestors = " ".join(origins) or "'none'"


def framing_origins() -> str:
    """The sites that may show this page in a frame, a space between them; empty for none."""
    allowed = str(g.get("frame_ancestors", "'none'"))
    return "" if allowed == "'none'" else allowed


def show_frames() -> None:
    """Let this page show another page of ours in a frame."""
    g.frames = "; frame-src 'self'"


def confine_mail() -> None:
    """This response is the body of a mail, shown in a frame of ours."""
    g.policy = MAIL


def _policy() -> str:
    """What was drawn without asking for the nonce has no <script> and no <style>: none of either runs in it."""
    held: Any = g._get_current_object()  # noqa: SLF001 - the way that Werkzeug documents, once instead of at each look
    nonce = held.get("csp_nonce")
    own = f"'nonce-{nonce}'" if nonce else "'none'"
    ancestors, frames = held.get("frame_ancestors", "'none'"), held.get("frames", "")
    return held.get("policy") or POLICY.format(own=own, ancestors=ancestors, frames=frames)


def _with_steady(wsgi_app: "WSGIApplication", settings: Settings) -> "WSGIApplication":
    """What is the same on every response is put on it last, in one go: each header that Flask carries along costs it twenty calls."""
    steady = [*STEADY.items(), *([HTTPS] if settings.https else [])]

    def with_steady(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *failed: Any) -> Any:
            return start_response(status, [*headers, *steady], *failed)

        return wsgi_app(environ, start)

    return with_steady


def vary(response: Response, by: str) -> None:
    """As `response.vary.add`, which reads all of the header to put one word in it."""
    held = response.headers.get("Vary")
    if held is None:
        response.headers.add("Vary", by)
    elif by not in held.split(", "):
        response.headers["Vary"] = f"{held}, {by}"


def _add(response: Response) -> Response:
    response.headers.add("Content-Security-Policy", _policy())
    if request.endpoint == "static" and response.status_code < HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = FOR_GOOD
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _without_nul(response: Response) -> Response:
    """A form that was refused comes back as it was typed, but HTML has no NUL: it is shown as a character that cannot be."""
    if response.mimetype == "text/html" and not response.is_streamed and b"\0" in response.get_data():
        response.set_data(response.get_data().replace(b"\0", "\N{REPLACEMENT CHARACTER}".encode()))
    return response
