"""The settings of an installation: environment variables, or files named by `NAME_FILE`."""

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Every setting, by its name in lower case. docs/operations/settings.md explains each one."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, frozen=True)

    database_url: str = Field(default="", description="Where the data lies; a SQLite file unless set.")
    data_dir: Path | None = Field(default=None, description="Where what the installation writes lies.")
    secret_key: str = Field(default="", description="Signs links and sessions; made once when unset.")
    secret_key_fallbacks: Names = Field(default=(), description="Older keys, still accepted; commas between.")
    public_url: str = Field(default="", description="The address people reach this installation at.")
    smtp_url: str = Field(default="", description="smtp://user:pass@host:587?starttls=1; unset: /mailbox.")
    mail_from: str = Field(default="terugkoppel@localhost", description="Address that mail is sent from.")
    mail_domain: str = Field(default="", description="Domain of Message-IDs; that of MAIL_FROM unless set.")
    mail_allow: Names = Field(default=(), description="Only these recipient domains; commas between.")
    imap_url: str = Field(default="", description="Where replies and bounces are read.")
    hold_minutes: int = Field(default=15, ge=0, le=1440, description="How long a tag can be undone.")
    timezone: str = Field(default="Europe/Amsterdam", description="Time zone of new organisations.")
    proxy_hops: int = Field(default=0, ge=0, le=5, description="Reverse proxies in front of the server.")
    metrics_token: str = Field(default="", description="Bearer token that /metrics asks for.")
    alert_url: str = Field(default="", description="Where alarms go besides the log.")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
    web_processes: int = Field(default=1, ge=1, le=64, description="More than one needs PostgreSQL.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port of script/server on 127.0.0.1.")

    @field_validator("secret_key_fallbacks", "mail_allow", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError(f"there is no time zone {value!r}; an example is Europe/Amsterdam") from unknown
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("it begins with sqlite:/// or postgresql://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"smtp", "smtps"} or not urlsplit(value).hostname):
            raise ValueError("it looks like smtp://user:pass@host:587?starttls=1")
        return value

    @field_validator("public_url")
    @classmethod
    def _known_address(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("it looks like https://feedback.example.org")
        return value.rstrip("/")

    @cached_property
    def folder(self) -> Path:
        """The folder of what this installation writes; made when it is not there."""
        folder = self.data_dir or (self._sqlite_file().parent if self.sqlite else ROOT / "instance")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def sqlite(self) -> bool:
        return not self.database_url.startswith("postgresql")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{ROOT / 'instance' / 'terugkoppel.db'}"

    def _sqlite_file(self) -> Path:
        return Path(self.database.removeprefix("sqlite:///")).resolve()

    @property
    def address(self) -> str:
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def https(self) -> bool:
        return self.address.startswith("https://")

    @property
    def domain(self) -> str:
        return self.mail_domain or self.mail_from.rpartition("@")[2] or "localhost"

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The signing key first, then those that are still accepted."""
        return (self.secret_key or _own_key(self.folder), *self.secret_key_fallbacks)


def _own_key(folder: Path) -> str:
    """A key made once and kept beside the data, readable by its owner alone."""
    file = folder / "secret_key"
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        _refuse_readable(file)
    return file.read_text().strip()


def _refuse_readable(file: Path) -> None:
    if file.stat().st_mode & 0o077:
        raise SettingsError(f"Others can read {file}. Run: chmod 600 {file}")


def load_settings() -> Settings:
    """The settings of this process; raises SettingsError with one sentence about the first bad one."""
    try:
        settings = Settings(**_from_files())
    except ValidationError as bad:
        raise SettingsError(_sentence(bad)) from None
    _refuse_impossible(settings)
    return settings


def _from_files() -> dict[str, str]:
    named = {n: os.environ.get(f"{n.upper()}_FILE") for n in Settings.model_fields}
    return {name: _read(name, file) for name, file in named.items() if file and name.upper() not in os.environ}


def _read(name: str, file: str) -> str:
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise SettingsError(f"{name.upper()}_FILE names {file}, which cannot be read: {error.strerror}.") from None


def _sentence(bad: ValidationError) -> str:
    first = bad.errors()[0]
    name = str(first["loc"][0]).upper()
    why = first["msg"].removeprefix("Value error, ")
    return f"The setting {name} cannot be {first['input']!r}: {why}." if "KEY" not in name else f"The setting {name}: {why}."


def _refuse_impossible(settings: Settings) -> None:
    if settings.secret_key and len(settings.secret_key) < 32:
        raise SettingsError("SECRET_KEY is too short: give at least 32 characters, or leave it unset.")
    if settings.web_processes > 1 and settings.sqlite:
        raise SettingsError("WEB_PROCESSES above 1 needs PostgreSQL: set DATABASE_URL=postgresql://…")


def settings() -> Settings:
    """The settings of the running application."""
    held: Settings = current_app.config["SETTINGS"]
    return held
