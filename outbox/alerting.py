"""Posting alarms to ALERT_URL: one short JSON per kind, at most every quarter of an hour, never inside a transaction."""

import json
import urllib.request
from datetime import datetime
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import exists, select

from core.db import db, writing
from core.jobs import stopped
from core.models import Beat
from core.settings import settings
from outbox.alarming import QUIET, alarm, due, forget, put_back, take
from outbox.models_pace import Alarm

log = structlog.get_logger()

SECONDS = 5.0
OURSELVES = "alarms"
"""The tick that calls us."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        """The setting names one address; nobody sends us on to another."""


_opener = urllib.request.build_opener(_NoRedirects())


def post_due(now: datetime) -> int:
    """Post what is new of each kind; what nobody takes waits for the next time."""
    with writing():
        _look_at_ticks(now)
        forget(now)
    url = settings().alert_url
    return sum(_post(url, kind, now) for kind in due(now)) if url else 0


def _look_at_ticks(now: datetime) -> None:
    """A tick that is overdue or fails is an alarm too, until it is well again; a clock that just came back has none."""
    overdue = stopped(current_app.extensions.get("ticks", ()), now)
    overdue = [] if OURSELVES in overdue else overdue
    failing = db.session.scalars(select(Beat.name).where(Beat.error.is_not(None))).all()
    said = exists().where(Alarm.kind == "ticks", Alarm.raised_at > now - QUIET)
    if (overdue or failing) and not db.session.scalar(select(said)):
        alarm(
            "ticks",
            "parts of the clock are overdue or fail",
            now,
            reply=", ".join(sorted({*overdue, *failing})),
        )


def _post(url: str, kind: str, now: datetime) -> bool:
    with writing():
        texts = take(kind, now)
    if not texts:  # another clock was faster
        return False
    try:
        _hand_over(url, {"alarm": kind, "text": _text(texts), "times": len(texts), "at": now.isoformat()})
    except (OSError, ValueError) as error:
        log.warning("an alarm could not be posted", kind=kind, error=f"{type(error).__name__}: {error}")
        with writing():
            put_back(kind, now)
        return False
    return True


def _text(texts: list[str]) -> str:
    """The last one, in a line that says where it comes from; chat programs show a field of this name."""
    more = f" ({len(texts)} times)" if len(texts) > 1 else ""
    return f"{settings().address}: {texts[-1]}{more}"


def _hand_over(url: str, said: dict[str, Any]) -> None:
    """OSError for whatever is not a plain yes."""
    headers = {"Content-Type": "application/json", "User-Agent": "Terugkoppel"}
    request = urllib.request.Request(url, json.dumps(said).encode(), headers)  # noqa: S310 - the setting takes http and https only
    with _opener.open(request, timeout=SECONDS) as answer:
        answer.read(1024)
