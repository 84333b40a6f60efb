"""Secrets in files: the key that an installation makes for itself, and settings named by `NAME_FILE`."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from core.errors import SettingsError

SHORTEST = 32
"""Characters of a signing key, at least."""


def own_key(folder: Path) -> str:
    """A key made once and kept beside the data, readable by its owner alone."""
    file = folder / "secret_key"
    if not file.exists():
        _make(file)
    _refuse_readable(file)
    key = file.read_text().strip()
    refuse_short(str(file), key)
    return key


def _make(file: Path) -> None:
    """Complete from the first moment it is there: web and clock start at once, and must read the same key."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def _refuse_readable(file: Path) -> None:
    if file.stat().st_mode & 0o077:
        raise SettingsError(f"Others can read {file}. Run: chmod 600 {file}")


def refuse_short(name: str, key: str) -> None:
    if len(key) < SHORTEST:
        raise SettingsError(f"{name} is too short: give at least {SHORTEST} characters, or leave it unset.")


def read(name: str, file: Path, private: bool) -> str:
    try:
        words = file.read_text().strip()
    except OSError as error:
        raise SettingsError(
            f"{name.upper()}_FILE names {file}, which cannot be read: {error.strerror}."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{name.upper()}_FILE names {file}, which holds no text.") from None
    if private:
        _refuse_readable(file)
    return words
