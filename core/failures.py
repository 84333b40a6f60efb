"""What somebody sees when it did not work: a sentence on a page, or a problem document for a program.

The one place where an error becomes an answer. No trace is ever shown: a fault of ours has an id that
stands in the log too. What was typed comes back with it.
"""

import secrets
from http import HTTPStatus

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from core.db import db
from core.errors import DomainError
from core.kept import kept_words
from core.origins import API

log = structlog.get_logger()


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
    log.error("request failed", failure=id, method=request.method, endpoint=request.endpoint, error=repr(cause)[:500])
    return id


def _refused(error: DomainError) -> Response:
    db.session.rollback()
    return _answer(None, error.status, error.sentence)


def _database_failed(error: Exception) -> Response:
    """Full, read-only, locked for too long or gone: nothing was half written."""
    log.error("database failed", endpoint=request.endpoint, error=repr(error)[:500])
    db.session.rollback()
    return _answer(ServiceUnavailable(retry_after=60), HTTPStatus.SERVICE_UNAVAILABLE, _NOT_SAVED())


def _NOT_SAVED() -> str:
    return _("The database did not answer, so nothing was saved.") if request.method == "POST" else ""


def _wrong_host(_error: SecurityError) -> Response:
    """No page: without a trusted host there is no address to build a link with."""
    words = "This site does not answer to that name. Set PUBLIC_URL to the address people use.\n"
    return Response(words, HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8")


def _answer(error: HTTPException | None, status: int, sentence: str) -> Response:
    body = problem(status, sentence, error) if request.path.startswith(API) else page(status, sentence)
    body.headers.extend(h for h in (error.get_headers() if error else []) if h[0] not in {"Content-Type", "Content-Length"})
    return body


def problem(status: int, sentence: str, error: HTTPException | None = None) -> Response:
    """A problem document (RFC 9457); `errors` holds what a schema found, by field."""
    document: dict[str, object] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status)}
    found = getattr(error, "data", None) or {}
    document |= {"detail": sentence} if sentence else {}
    document |= {"errors": found.get("errors") or found["messages"]} if {"errors", "messages"} & set(found) else {}
    answer = make_response(document, status)
    answer.content_type = "application/problem+json"
    return answer


def page(status: int, sentence: str = "", sendable: bool = True) -> Response:
    """The page for this status, with what was typed; `sendable`: and a button to send it once more."""
    names = [f"errors/{int(status)}.html", "errors/other.html"]
    words = {"status": int(status), "sentence": sentence, "kept": kept_words(), "sendable": sendable}
    return make_response(render_template(names, **words), status)


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
