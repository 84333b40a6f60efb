"""What every response carries: a policy that runs only our own scripts and styles, and no trace elsewhere."""

import secrets

from flask import Flask, Response, g, request

from core.settings import settings

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
STEADY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def init_headers(app: Flask) -> None:
    app.after_request(_add)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """One nonce per response, for its own <script> and <style> elements."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def allow_framing(origins: list[str]) -> None:
    """Let the sites named by a survey show this page in a frame."""
    g.frame_ancestors = " ".join(origins) or "'none'"


def _add(response: Response) -> Response:
    ancestors = g.get("frame_ancestors", "'none'")
    response.headers["Content-Security-Policy"] = POLICY.format(nonce=csp_nonce(), ancestors=ancestors)
    for name, value in STEADY.items():
        response.headers[name] = value
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if settings().https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
