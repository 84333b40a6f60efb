"""Who was erased, in a file beside the database: what is restored from before must not bring them back.

A line a person: keyed hashes of their addresses, worth nothing without our key. It is only ever added to.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from core.errors import DomainError
from core.links import keyed_hash
from core.settings import settings

NAME = "erased.jsonl"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """`key` is that of the row in the database; whoever was known by one of `hashes` until `at` is erased."""

    key: str
    organisation_id: int
    at: str
    hashes: tuple[str, ...]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def mark_of(organisation_id: int, kind: str, key: str) -> str:
    """What is kept of an address."""
    return keyed_hash(f"erased:{organisation_id}:{kind}:{key}")


def bury(key: str, organisation_id: int, marks: Iterable[str], now: datetime) -> None:
    """On disk before the database commits: the list may know one too many, never one too few."""
    add_line(NAME, json.dumps(asdict(Tombstone(key, organisation_id, now.isoformat(), tuple(marks)))))


def add_line(name: str, line: str) -> None:
    """To a file beside the database, for its owner alone, and on disk when this returns."""
    try:
        descriptor = os.open(settings().folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, f"\n{line}\n".encode())  # after half a line of a crash it still stands alone
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise DomainError(
            _("Nobody was erased: %(file)s cannot be written (%(why)s).", file=name, why=error.strerror)
        ) from None


def buried() -> list[Tombstone]:
    """Everybody, in order."""
    lines = file().read_bytes().splitlines() if file().exists() else []
    return [found for line in lines if (found := _read(line))]


def _read(line: bytes) -> Tombstone | None:
    try:
        said = json.loads(line)
        return Tombstone(said["key"], said["organisation_id"], said["at"], tuple(said["hashes"]))
    except (ValueError, KeyError, TypeError):
        return None


def file() -> Path:
    return settings().folder / NAME
