"""The settings of an installation: environment variables, or files named by `NAME_FILE`."""

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from flask import current_app
from pydantic import AfterValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core import secret_files
from core import sound_settings as sound
from core.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
Names = Annotated[tuple[str, ...], NoDecode]
KEYS = ("secret_key", "secret_key_fallbacks")
PRIVATE = {*KEYS, "dkim_key", "database_url", "smtp_url", "imap_url", "alert_url", "metrics_token"}
"""Settings that may hold a password: their values are never printed."""


class Settings(BaseSettings):
    """Every setting, by its name in lower case. docs/operations/settings.md explains each one."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, frozen=True)

    database_url: Annotated[str, AfterValidator(sound.database)] = Field(
        default="", description="Where the data lies; a SQLite file unless set."
    )
    data_dir: Path | None = Field(default=None, description="Where what the installation writes lies.")
    secret_key: str = Field(default="", description="Signs links and sessions; made once when unset.")
    secret_key_fallbacks: Names = Field(default=(), description="Older keys, still accepted; commas between.")
    public_url: Annotated[str, AfterValidator(sound.address)] = Field(
        default="", description="The address people reach this installation at."
    )
    smtp_url: Annotated[str, AfterValidator(sound.smtp)] = Field(
        default="", description="smtp://user:pass@host:587?starttls=1; unset: /mailbox."
    )
    mail_from: Annotated[str, AfterValidator(sound.mail_address)] = Field(
        default="terugkoppel@localhost", description="Address that mail is sent from."
    )
    mail_domain: Annotated[str, AfterValidator(sound.domain)] = Field(
        default="", description="Domain of Message-IDs; that of MAIL_FROM unless set."
    )
    mail_allow: Names = Field(default=(), description="Only these recipient domains; commas between.")
    dkim_selector: Annotated[str, AfterValidator(sound.domain)] = Field(
        default="", description="Name of the DKIM key in the DNS of MAIL_FROM's domain."
    )
    dkim_key: Annotated[str, AfterValidator(sound.rsa_key)] = Field(
        default="", description="RSA key in PEM that signs mail; better as DKIM_KEY_FILE."
    )
    dns_server: Annotated[str, AfterValidator(sound.name_server)] = Field(
        default="", description="Whom flask doctor asks about the DNS; this machine's own server unless set."
    )
    imap_url: Annotated[str, AfterValidator(sound.imap)] = Field(
        default="", description="Where replies and bounces are read."
    )
    mail_in: bool = Field(
        default=False, description="Mail to MAIL_FROM with +… comes in by `flask mail receive` or the API."
    )
    hold_minutes: int = Field(default=15, ge=0, le=1440, description="How long a tag can be undone.")
    timezone: Annotated[str, AfterValidator(sound.zone)] = Field(
        default="Europe/Amsterdam", description="Time zone of new organisations."
    )
    proxy_hops: int = Field(default=0, ge=0, le=5, description="Reverse proxies in front of the server.")
    metrics_token: str = Field(default="", description="Bearer token that /metrics asks for.")
    alert_url: Annotated[str, AfterValidator(sound.address)] = Field(
        default="", description="Where alarms go besides the log."
    )
    alert_hosts: Names = Field(
        default=(), description="Hosts of your own network that alerts in chat may go to; commas between."
    )
    log_level: Annotated[str, AfterValidator(sound.level)] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR."
    )
    web_processes: int = Field(default=1, ge=1, le=64, description="More than one needs PostgreSQL.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port of script/server on 127.0.0.1.")

    @field_validator("secret_key_fallbacks", "mail_allow", "alert_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @cached_property
    def folder(self) -> Path:
        """The folder of what this installation writes; made when it is not there, as is that of a database nobody chose."""
        if not self.database_url:
            self._sqlite_file().parent.mkdir(parents=True, exist_ok=True)
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

    @property
    def hears_back(self) -> bool:
        """Whether somebody reads what is sent to an address of one message: then replies and bounces go there."""
        return bool(self.imap_url) or self.mail_in

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The signing key first, then those that are still accepted."""
        return (self.secret_key or secret_files.own_key(self.folder), *self.secret_key_fallbacks)


def load_settings() -> Settings:
    """The settings of this process; raises SettingsError with one sentence about the first bad one."""
    try:
        settings = Settings(**_from_files())
    except ValidationError as bad:
        raise SettingsError(_sentence(bad)) from None
    _refuse_impossible(settings)
    return settings


def _from_files() -> dict[str, Any]:
    """Of the settings that are not set themselves."""
    named = {n: os.environ.get(f"{n.upper()}_FILE") for n in Settings.model_fields}
    return {
        name: secret_files.read(name, Path(file), private=name in {*KEYS, "dkim_key"})
        for name, file in named.items()
        if file and not os.environ.get(name.upper())
    }


def _sentence(bad: ValidationError) -> str:
    first = bad.errors()[0]
    name, why = str(first["loc"][0]), first["msg"].removeprefix("Value error, ").rstrip(".")
    said = "" if name in PRIVATE else f" {first['input']!r}"
    return f"The setting {name.upper()} cannot be{said or ' what it is'}: {why}."


def _refuse_impossible(settings: Settings) -> None:
    """What only shows when all of them are known."""
    for name, key in (
        ("SECRET_KEY", settings.secret_key),
        *(("SECRET_KEY_FALLBACKS", k) for k in settings.secret_key_fallbacks),
    ):
        secret_files.refuse_short(name, key or "x" * secret_files.SHORTEST)
    if bool(settings.dkim_key) != bool(settings.dkim_selector):
        raise SettingsError("DKIM needs both DKIM_SELECTOR and DKIM_KEY (or DKIM_KEY_FILE).")
    if settings.web_processes > 1 and settings.sqlite:
        raise SettingsError("WEB_PROCESSES above 1 needs PostgreSQL: set DATABASE_URL=postgresql://…")
    try:
        secret_files.refuse_short("", settings.keys[0])
    except OSError as error:
        raise SettingsError(
            f"{error.filename} cannot be used: {error.strerror}. Let this user write there, or set DATA_DIR."
        ) from None


def settings() -> Settings:
    """The settings of the running application."""
    held: Settings = current_app.config["SETTINGS"]
    return held
