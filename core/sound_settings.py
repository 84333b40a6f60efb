"""Whether a setting can be what it is; ValueError with a sentence about what it should look like."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_DOMAIN = r"(?!-)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"


def database(value: str) -> str:
    file = value.removeprefix("sqlite:///")
    if value and (
        file in {"", ":memory:"}
        if file != value
        else not _is_url(value, {"postgresql", "postgresql+psycopg"}, "")
    ):
        raise ValueError(
            "it looks like sqlite:////var/lib/terugkoppel/data.db or postgresql://user:pass@host/name"
        )
    return value


def smtp(value: str) -> str:
    return _url(value, {"smtp", "smtps"}, "smtp://user:pass@host:587?starttls=1")


def imap(value: str) -> str:
    return _url(value, {"imap", "imaps"}, "imaps://user:pass@host")


def address(value: str) -> str:
    return _url(value, {"http", "https"}, "https://feedback.example.org").rstrip("/")


def mail_address(value: str) -> str:
    if not re.fullmatch(rf"[^\s@<>,;]+@{_DOMAIN}", value):
        raise ValueError("it looks like feedback@example.org")
    return value


def domain(value: str) -> str:
    if value and not re.fullmatch(_DOMAIN, value):
        raise ValueError("it looks like example.org")
    return value


def name_server(value: str) -> str:
    host, _sign, port = value.rpartition(":") if value.count(":") == 1 else (value, "", "53")
    try:
        if value and not (ip_address(host) and port.isdecimal() and 0 < int(port) < 65_536):
            raise ValueError
    except ValueError:
        raise ValueError("it looks like 9.9.9.9 or 127.0.0.1:5353") from None
    return value


def rsa_key(value: str) -> str:
    if value and not re.match(r"-----BEGIN (RSA )?PRIVATE KEY-----\s", value):
        raise ValueError("it begins with -----BEGIN PRIVATE KEY-----")
    return value


def zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("there is no such time zone; an example is Europe/Amsterdam") from None
    return value


def level(value: str) -> str:
    if value.upper() not in LEVELS:
        raise ValueError(f"it is one of {', '.join(LEVELS)}")
    return value.upper()


def _url(value: str, schemes: set[str], example: str) -> str:
    if value and not _is_url(value, schemes, None):
        raise ValueError(f"it looks like {example}")
    return value


def _is_url(value: str, schemes: set[str], host: str | None) -> bool:
    """A host is asked for, unless `host` stands in for it; a port is a number that can be."""
    try:
        parts = urlsplit(value)
        return (
            parts.scheme in schemes
            and bool(parts.hostname or host is not None)
            and (parts.port or 1) > 0
            and value.isprintable()
        )
    except ValueError:
        return False
