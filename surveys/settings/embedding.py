"""A survey in a page of somebody else: which sites may hold it in a frame, and the lines that put it there.

Nothing else about a page changes: no cookie is set, and whoever is not on the list is refused by the browser.
"""

import re
from datetime import datetime
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _

from core import audit, links
from core.errors import DomainError
from core.headers import allow_framing
from surveys.models import Survey

MOST = 20
HOST = re.compile(r"(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")
AT_HOME = ("localhost", "127.0.0.1")
"""Where a page may be tried out without https."""


def choose_origins(survey: Survey, text: str, now: datetime) -> None:
    """A site a line; DomainError naming the line that is none."""
    found = list(dict.fromkeys(origin(line.strip()) for line in text.splitlines() if line.strip()))
    if len(found) > MOST:
        raise DomainError(_("Name %(most)d sites at most.", most=MOST))
    survey.embed_origins = found
    audit.record("survey.sites_chosen", survey, now, n=len(found))


def origin(line: str) -> str:
    """https://example.org of whatever page of it somebody named."""
    try:
        parts = urlsplit(line if "://" in line else f"https://{line}")
        host = parts.netloc.encode("idna").decode().lower()
    except (ValueError, UnicodeError):
        parts, host = urlsplit(""), ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and host.split(":")[0] in AT_HOME)
    if not safe or not HOST.fullmatch(host):
        raise DomainError(
            _("“%(line)s” is no site with https. An example is https://www.example.org.", line=line[:80])
        )
    return f"{parts.scheme}://{host}"


def is_embedded() -> bool:
    return request.args.get("embed") == "1"


def let_in(survey: Survey) -> None:
    """The sites of this survey may frame this answer, where it is asked for in a frame."""
    if is_embedded():
        allow_framing(survey.embed_origins)


def snippet(survey: Survey) -> str:
    """What somebody puts in their page."""
    return f'<div data-terugkoppel="{survey.slug}"></div>\n<script src="{links.public_url("/embed.js")}" async></script>'
