"""HTML → PDF with WeasyPrint. Only the renderer's process imports this."""

import contextlib
import hashlib
import logging
import os
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pyphen
from PIL import Image
from weasyprint import HTML, Attachment
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "asset:"
KINDS = {".css": "text/css", ".woff2": "font/woff2", ".png": "image/png", ".jpg": "image/jpeg"}
LOADED_LATE = ("email", "fontTools.ttLib.tables")
WARNINGS = 20


class OutsideError(Exception):
    """The page asked for something that did not come with it."""


class PackagedOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
    """Serves `asset:name` from memory and nothing else; any other address ends the rendering."""

    def __init__(self, assets: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._assets = assets

    def fetch(self, url: str, _headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in self._assets:
            raise FatalURLFetchingError(url[:200])
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": KINDS[Path(name).suffix]})


def prepare() -> None:
    """Load what would be loaded late, while this process may still read its own installation."""
    for package in LOADED_LATE:
        for module in iter_modules(import_module(package).__path__, f"{package}."):
            with contextlib.suppress(ImportError):
                import_module(module.name)
    Image.init()
    for language in ("nl", "en"):
        pyphen.Pyphen(lang=language)


def typeset(job: dict[str, Any]) -> dict[str, Any]:
    """One job (see manuscripts.message) → `{"pdf": base64, "warnings": […]}`; the same job gives the same bytes.

    OutsideError names the address that was asked for.
    """
    os.environ["SOURCE_DATE_EPOCH"] = str(job["epoch"])  # fontTools dates the fonts it trims
    heard = _listen()
    try:
        return {"pdf": b64encode(_pdf(job)).decode(), "warnings": heard}
    except FatalURLFetchingError as error:  # a BaseException, which would end the process unexplained
        raise OutsideError(str(error)) from None


def _pdf(job: dict[str, Any]) -> bytes:
    page = HTML(
        string=job["html"], url_fetcher=PackagedOnly({n: b64decode(c) for n, c in job["assets"].items()})
    )
    pdf: bytes = page.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_identifier=hashlib.sha256(job["html"].encode()).digest()[:16],
        attachments=[_attachment(attached, job["epoch"]) for attached in job["attachments"]],
    )
    return pdf


def _attachment(attached: dict[str, str], epoch: int) -> Attachment:
    at = datetime.fromtimestamp(epoch, UTC)
    content = b64decode(attached["content"])
    return Attachment(
        string=content, name=attached["name"], description=attached["description"], created=at, modified=at
    )


def _listen() -> list[str]:
    """What WeasyPrint complains of, the first of it: a missing glyph must not pass unseen."""
    heard: list[str] = []
    logger = logging.getLogger("weasyprint")
    logger.handlers, logger.propagate = [_Ear(heard)], False
    return heard


class _Ear(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._heard) < WARNINGS:
            self._heard.append(record.getMessage()[:300])
