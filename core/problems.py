"""Problem documents (RFC 9457): how the API says no."""

from http import HTTPStatus
from typing import Any

from flask import Response, jsonify


def problem(status: int, detail: str = "", **more: Any) -> Response:
    """`detail` is a sentence for a person; `more` names what a program can use."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    response = jsonify({name: value for name, value in body.items() if value != ""})
    response.status_code = status
    response.content_type = "application/problem+json"
    return response
