"""Who we answer to: our own name, real addresses behind our own proxies, and forms from a page of ours.

The browser's word about it is `Sec-Fetch-Site`. Where that is missing (an old browser, or plain http)
`Origin` is looked at, but `null` says nothing: our own `Referrer-Policy: no-referrer` makes it so.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from core.routes import HARMLESS
from core.settings import Settings, settings

P = ParamSpec("P")
R = TypeVar("R")

API = "/api/"
THIS_MACHINE = ("127.0.0.1", "localhost")


def init_origins(app: Flask, settings: Settings) -> None:
    """The name people use is that of PUBLIC_URL; proxies are believed only when their number is set."""
    public = urlsplit(settings.address).hostname or ""
    app.config["TRUSTED_HOSTS"] = [public, *THIS_MACHINE]
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.before_request(_refuse_other_sites)


def from_anywhere(view: Callable[P, R]) -> Callable[P, R]:
    """For the one-click unsubscribe: it comes from mail programs, and carries its own proof in the address."""
    view.from_anywhere = True  # type: ignore[attr-defined]
    return view


def _refuse_other_sites() -> None:
    if request.method in HARMLESS or request.path.startswith(API) or _is_from_anywhere():
        return
    if not from_our_page():
        abort(403)


def _is_from_anywhere() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "from_anywhere", False)


def from_our_page() -> bool:
    """False when the browser says that another site sent this form."""
    said = request.headers.get("Sec-Fetch-Site")
    if said:
        return said in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    return origin == "null" or origin in {_origin(settings().address), _origin(request.host_url)}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
