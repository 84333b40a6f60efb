"""What is handed to the renderer: a page with everything it may fetch, and how much it may cost."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF."""

    name: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A page, what it may fetch as `asset:name`, the files attached to it, and the time of its newest fact."""

    html: str
    assets: dict[str, bytes]
    at: datetime
    attachments: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Wall clock and CPU in seconds, address space in bytes, and the idle time in seconds after which it ends."""

    seconds: int = 120
    memory: int = 1 << 30
    idle: float = 300.0


def message(manuscript: Manuscript, limits: Limits) -> dict[str, Any]:
    """The job as the renderer reads it (see frames)."""
    return {
        "html": manuscript.html,
        "assets": {name: _text(content) for name, content in manuscript.assets.items()},
        "attachments": [_attachment(attached) for attached in manuscript.attachments],
        "epoch": int(manuscript.at.timestamp()),
        "seconds": limits.seconds,
        "memory": limits.memory,
    }


def _attachment(attached: Attached) -> dict[str, str]:
    return {"name": attached.name, "description": attached.description, "content": _text(attached.content)}


def _text(content: bytes) -> str:
    return b64encode(content).decode()
