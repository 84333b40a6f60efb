"""The same POST sent twice makes one thing: its answer is stored in the transaction of what it made."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Response, make_response, request
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import ApiAnswer
from core import clock
from core.access import access
from core.db import db, writing
from core.errors import Conflict, DomainError


def once(make: Callable[[], dict[str, Any]], status: int = 201) -> Response:
    """Run one verb in one transaction; with an `Idempotency-Key`, at most once. Conflict for another body."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > 200:
        raise DomainError(_("An Idempotency-Key is at most 200 characters long."))
    with writing():
        earlier = _earlier(key) if key else None
        body = earlier.body if earlier else json.dumps(make())
        if key and not earlier:
            _remember(key, status, body)
        answered = earlier.status if earlier else status
    return make_response(body, answered, {"Content-Type": "application/json"})


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
    db.session.add(
        ApiAnswer(
            organisation_id=access().organisation_id, idempotency_key=key, request_hash=_fingerprint(),
            status=status, body=body, created_at=clock.now(),
        )
    )  # fmt: skip


def _fingerprint() -> str:
    return sha256(f"{request.method} {request.path}\n".encode() + request.get_data(cache=True)).hexdigest()
