"""Logs are JSON lines in UTC on stderr; addresses and tokens are masked before they are written."""

import logging
import re
import sys
from typing import Any

import structlog

_ADDRESS = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+|[\w.+%'-]+@localhost")
_SHAPES = (
    r"\b[1-9][0-9]*\.[1-9][0-9]*\.[a-z2-7]{26}\b",  # a link
    r"[\w-]{8,}\.[\w-]{6}\.[\w-]{27,}",  # a cookie, or the token of a form
    r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[A-Za-z0-9_-]{40,}",  # a random word
)
_TOKEN = re.compile("|".join(_SHAPES))


def configure(level: str) -> None:
    """One format for our own lines and for those of the libraries."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    ours = [*shared, structlog.processors.format_exc_info]
    structlog.configure(
        processors=[*ours, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_as_json(ours))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in ("alembic", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _as_json(foreign: list[Any]) -> logging.Formatter:
    """`foreign`: what is done to the lines of libraries first."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            mask,
            structlog.processors.JSONRenderer(),
        ],
        foreign_pre_chain=foreign,
    )


def mask(_logger: Any, _name: str, event: Any) -> Any:
    """Replace addresses and tokens in every value of a log line, however deep."""
    return _masked(event)


def masked(text: str) -> str:
    """One text as it may leave the machine."""
    return str(_masked(text))


def _masked(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {key: _masked(below) for key, below in value.items()}
    if isinstance(value, list | tuple | set):
        return [_masked(below) for below in value]
    return _TOKEN.sub("[token]", _ADDRESS.sub("[address]", str(value)))
