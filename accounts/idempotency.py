"""The same POST sent twice makes one thing: its answer is stored in the transaction of what it made."""

import json
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import Any

from flask import Response, make_response, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.models import ApiAnswer
from core import clock, links
from core.access import access
from core.db import db, writing
from core.errors import Conflict, DomainError

LONGEST = 200
TRIES = 5

Made = Callable[[], dict[str, Any]]
Status = int | Callable[[dict[str, Any]], int]
"""A status, or what says it from the body that was made."""


def once(make: Made, status: Status = 201) -> Response:
    """Run one verb in one transaction; with an `Idempotency-Key`, at most once. Conflict for another body."""
    key = _key()
    for _attempt in range(TRIES - 1):
        with suppress(IntegrityError):  # it lost a race, and will find what won
            return _once(make, status, key)
    return _once(make, status, key)


def _once(make: Made, status: Status, key: str) -> Response:
    with writing():
        earlier = _earlier(key) if key else None
        if earlier:
            return _answer(links.with_tokens(earlier.body), earlier.status)
        made = make()
        body, code = json.dumps(made), status if isinstance(status, int) else status(made)
        if key:
            _remember(key, code, links.without_tokens(body))
    return _answer(body, code)


def _answer(body: str, status: int) -> Response:
    return make_response(body, status, {"Content-Type": "application/json"})


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST or not (key.isascii() and key.isprintable()):
        raise DomainError(_("An Idempotency-Key is at most 200 printable ASCII characters long."))
    return key


def _earlier(key: str) -> ApiAnswer | None:
    found = db.session.scalar(
        select(ApiAnswer).where(
            ApiAnswer.organisation_id == access().organisation_id, ApiAnswer.idempotency_key == key
        )
    )
    if found and found.request_hash != _fingerprint():
        raise Conflict(_("This Idempotency-Key was used for another request."))
    return found


def _remember(key: str, status: int, body: str) -> None:
    """No live link is ever stored: the answer holds a note of it, and the link is computed again."""
    db.session.add(
        ApiAnswer(
            organisation_id=access().organisation_id, idempotency_key=key, request_hash=_fingerprint(),
            status=status, body=body, created_at=clock.now(),
        )
    )  # fmt: skip


def _fingerprint() -> str:
    return sha256(f"{request.method} {request.path}\n".encode() + request.get_data(cache=True)).hexdigest()
