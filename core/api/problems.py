"""Problem documents (RFC 9457): how the API says no."""

from http import HTTPStatus
from typing import Any

from flask import Response, jsonify

_WORDS = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": _WORDS,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "errors": {
            "type": "array",
            "description": "All that does not fit: where (a JSON pointer into the body, or the name of a parameter) and why.",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {"detail": _WORDS, "pointer": _WORDS, "parameter": _WORDS},
            },
        },
    },
}


def problem(status: int, detail: str, **more: Any) -> Response:
    """`detail` is a sentence for a person; `more` names what a program can use."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    response = jsonify({name: value for name, value in body.items() if value != ""})
    response.status_code = status
    response.content_type = "application/problem+json"
    return response
