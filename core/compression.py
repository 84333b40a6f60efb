"""Text crosses the wire compressed, where nobody can learn a secret from its length.

An attacker who can put words into a page and watch its compressed length learns what else stands in it
(BREACH), as far as it is the same each time. Public pages hold no such thing: no cookie, and a form
token with a nonce of its own each time. A page for somebody who brought a cookie or a key is sent as it is.
"""

import gzip
from functools import lru_cache
from http import HTTPStatus

from flask import Flask, Response, current_app, request
from werkzeug.http import parse_accept_header

from core.headers import vary
from core.recent import Recent

TEXT = {"text/html", "text/css", "text/javascript", "image/svg+xml", "text/plain"}
LEAST = 500
"""Bytes below which compressing costs more than it saves."""
QUICK, BEST = 4, 9


def init_compression(app: Flask) -> None:
    app.extensions["compressed_files"] = Recent[str, bytes](100)
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in TEXT or response.status_code in {204, 206, 304}:
        return response
    vary(response, "Accept-Encoding")
    if request.endpoint == "static" and response.status_code == HTTPStatus.OK:
        return _file(response) if _welcome() else response
    if _welcome() and _nobody() and (response.content_length or 0) >= LEAST:
        _replace(response, gzip.compress(response.get_data(), QUICK))
    return response


def _welcome() -> bool:
    return request.method == "GET" and _takes_gzip(request.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=256)
def _takes_gzip(said: str) -> bool:
    """All browsers together say only a few things."""
    return parse_accept_header(said)["gzip"] > 0


def _nobody() -> bool:
    """Nothing came with this request that another site could make a browser send along."""
    return not (request.cookies or request.authorization or "x-api-key" in request.headers)


def _file(response: Response) -> Response:
    """Its address changes with its content, so it is compressed once, and well."""
    opened = response.response
    response.direct_passthrough = False
    kept: Recent[str, bytes] = current_app.extensions["compressed_files"]
    _replace(response, kept.get(request.path, lambda: gzip.compress(response.get_data(), BEST)))
    opened.close()  # type: ignore[union-attr]
    return response


def _replace(response: Response, compressed: bytes) -> None:
    response.set_data(compressed)
    response.content_encoding = "gzip"
    tag, _weak = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # the same file in other bytes
