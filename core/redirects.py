"""Where a form may send somebody: a path of this site, and nowhere else."""

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

HOME = "/"


def same_site(path: str) -> str:
    """The path when it is one of ours, else the home page. Browsers read `\\` as `/` and skip control characters."""
    plain = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if plain and _known(urlsplit(path).path, "GET") else HOME


def accepts(path: str, method: str) -> bool:
    """Whether this site answers `method` at `path`."""
    return path.startswith("/") and not path.startswith("//") and _known(path, method)


def _known(path: str, method: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, method=method)  # type: ignore[union-attr]
    except RequestRedirect:
        return False
    except HTTPException:
        return False
    return True
