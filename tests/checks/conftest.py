"""The doctor asks a name server of the test's own, and a mail server on a socket."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from core.settings import Settings
from tests.name_server import NameServer, running

Changed = Callable[..., None]


@pytest.fixture
def dns() -> Iterator[NameServer]:
    with running() as server:
        yield server


@pytest.fixture
def changed(app: Flask, dns: NameServer) -> Iterator[Changed]:
    """Say what is set from here on; the test's name server is asked."""
    before: Settings = app.config["SETTINGS"]

    def change(**values: Any) -> None:
        held = app.config["SETTINGS"].model_dump()
        app.config["SETTINGS"] = Settings(**{**held, "dns_server": dns.address, **values})

    change(smtp_url="smtp://127.0.0.1:9", mail_from="post@our-shop.nl")
    yield change
    app.config["SETTINGS"] = before
