"""What somebody sees when it did not work: a sentence on a page, or a problem document for a program.

The one place where an error becomes an answer. No trace is ever shown: a fault of ours has an id that
stands in the log too. What was typed comes back with it.
"""

import secrets
from datetime import timedelta
from http import HTTPStatus

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from core.api.problems import problem
from core.db import db
from core.errors import DomainError
from core.kept import kept
from core.origins import API, from_our_page

log = structlog.get_logger()

POINTLESS = {
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
"""Sending the same once more would change nothing."""


def init_failures(app: Flask) -> None:
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(OperationalError, _database_failed)
    app.register_error_handler(PoolTimeout, _database_failed)
    app.register_error_handler(SecurityError, _wrong_host)


def failed(error: HTTPException) -> Response:
    """The answer to any error of the web itself: a redirect stays one, 500 gets an id."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())
    if isinstance(error, InternalServerError):
        return _answer(error, error.code, _("The number of this failure is %(id)s.", id=_written_down(error)))
    return _answer(error, error.code, _sentence(error))


def _written_down(error: InternalServerError) -> str:
    """An id that finds the log line; the transaction that failed is given up first."""
    db.session.rollback()
    id, cause = secrets.token_hex(4), error.original_exception
    log.error(
        "request failed",
        failure=id,
        method=request.method,
        endpoint=request.endpoint,
        error=repr(cause)[:500],
    )
    return id


def _refused(error: DomainError) -> Response:
    db.session.rollback()
    answer, wait = _answer(None, error.status, error.sentence), getattr(error, "wait", None)
    if wait:
        answer.headers["Retry-After"] = str(wait // timedelta(seconds=1) + 1)
    return answer


def _database_failed(error: Exception) -> Response:
    """Full, read-only, locked for too long or gone: nothing was half written."""
    log.error("database failed", endpoint=request.endpoint, error=repr(error)[:500])
    db.session.rollback()
    sentence = _("The database did not answer. Nothing was saved of what you just sent.")
    return _answer(ServiceUnavailable(retry_after=60), HTTPStatus.SERVICE_UNAVAILABLE, sentence)


def _wrong_host(_error: SecurityError) -> Response:
    """No page: without a trusted host there is no address to build a link with."""
    words = "This site does not answer to that name. Set PUBLIC_URL to the address people use.\n"
    return Response(words, HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8")


def _answer(error: HTTPException | None, status: int, sentence: str) -> Response:
    answer = _problem(error, status, sentence) if request.path.startswith(API) else page(status, sentence)
    told = error.get_headers() if error else []
    answer.headers.extend(
        (name, value) for name, value in told if name not in {"Content-Type", "Content-Length"}
    )
    return answer


def _problem(error: HTTPException | None, status: int, sentence: str) -> Response:
    """`errors` holds what a schema found, by field."""
    found = getattr(error, "data", None) or {}
    answer = problem(status, sentence or _plainly(status), errors=found.get("errors", ""))
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _plainly(status: int) -> str:
    """A page has words of its own for each status; a program gets these."""
    return {
        HTTPStatus.UNAUTHORIZED: _("Send a key that works, as “Authorization: Bearer KEY”."),
        HTTPStatus.FORBIDDEN: _("This key may not do that: it takes a greater role."),
        HTTPStatus.NOT_FOUND: _("There is nothing here that this key can see."),
        HTTPStatus.TOO_MANY_REQUESTS: _("That is too much at once. Wait a moment."),
    }.get(HTTPStatus(status), _("This cannot be answered: %(why)s.", why=HTTPStatus(status).phrase))


def page(status: int, sentence: str = "", sendable: bool = True) -> Response:
    """The page for this status, with what was typed; `sendable`: and a button to send it once more."""
    g.banners = []  # this page asks the database nothing: it may be what failed
    again = sendable and status not in POINTLESS and from_our_page()
    words = {"status": int(status), "sentence": sentence, "kept": kept(), "sendable": again}
    return make_response(
        render_template([f"errors/{int(status)}.html", "errors/other.html"], **words), status
    )


def _sentence(error: HTTPException) -> str:
    """Our own words where somebody wrote them, else those that fit the status."""
    if error.description and error.description != type(error).description:
        return error.description
    return {
        400: _("What arrived here could not be read."),
        405: _("This address does not do that."),
        413: _("That was too large to be taken in."),
        415: _("This kind of file cannot be read here."),
    }.get(error.code or 0, "")
