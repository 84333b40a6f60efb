"""Where a form may send somebody: a path of this site, and nowhere else."""

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

HOME = "/"


def same_site(path: str) -> str:
    """The path when it is a page of ours, else the home page. Browsers read `\\` as `/` and skip control characters."""
    plain = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if plain and _is_page(urlsplit(path).path) else HOME


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(path, method="GET"))
    except (HTTPException, RequestRedirect):
        return False
