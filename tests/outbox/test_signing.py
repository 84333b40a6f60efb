"""DKIM: what the server received verifies, by another's hand, over every header a mail program acts on."""

from datetime import datetime
from pathlib import Path

import dkim  # type: ignore[import-untyped]
import pytest
from flask import Flask

from core import links
from core.errors import SettingsError
from core.settings import load_settings
from tests.cast import Cast
from tests.outbox.post import queue, send
from tests.sink import Sink

KEYS = Path(__file__).parent / "dkim"
KEY = (KEYS / "test.key").read_text()
RECORD = b"v=DKIM1; k=rsa; p=" + (KEYS / "test.pub").read_bytes().replace(b"\n", b"")

signing = pytest.mark.settings(mail_from="post@shop.example", dkim_selector="november", dkim_key=KEY)


def lookup(name: bytes, timeout: int = 5) -> bytes:
    assert name == b"november._domainkey.shop.example."
    return RECORD


def verifies(raw: bytes) -> bool:
    return bool(dkim.verify(raw, dnsfunc=lookup))


@signing
def test_what_arrived_verifies(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    stop = {"unsubscribe": ["unsubscribe", 7, 1], "status": ["status", 7, 1]}
    queue(
        people.webshop,
        now,
        links=stop,
        subject="Wat wij déden, en waarom het zo lang duurde, en nog veel meer",
    )
    send(now)
    raw = smtp_server.mails[0].raw
    assert raw.startswith(b"DKIM-Signature:")
    assert verifies(raw)
    assert not verifies(raw.replace(links.token("unsubscribe", 7).encode(), b"elsewhere"))
    assert not verifies(raw.replace(b"Dear Rita", b"Dear Eve"))
    signature = " ".join(str(smtp_server.mails[0].parsed["DKIM-Signature"]).split())
    for header in ("from", "message-id", "list-unsubscribe", "list-unsubscribe-post", "list-id"):
        assert f" {header} " in signature or f"={header} " in signature, header


def test_without_a_key_nothing_is_signed(app: Flask, people: Cast, smtp_server: Sink, now: datetime) -> None:
    queue(people.webshop, now)
    send(now)
    assert b"DKIM-Signature" not in smtp_server.mails[0].raw


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"DKIM_SELECTOR": "november"}, "needs both"),
        ({"DKIM_KEY": KEY}, "needs both"),
        ({"DKIM_SELECTOR": "november", "DKIM_KEY": "secret words"}, "DKIM_KEY cannot be what it is"),
        ({"DKIM_SELECTOR": "no spaces", "DKIM_KEY": KEY}, "DKIM_SELECTOR"),
    ],
)
def test_half_a_setting_is_refused(
    values: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=said):
        load_settings()
