"""Apprise without the hundred and seventy services that nothing is sent to: to load them all is half of what an errand takes."""

import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from apprise import plugins
from apprise.manager_plugins import NotificationManager

OURS = (
    "bulksms", "clickatell", "clicksend", "custom_json", "custom_xml", "discord", "fortysixelks", "google_chat",
    "mattermost", "messagebird", "plivo", "rocketchat", "seven", "sinch", "slack", "smseagle", "telegram", "twilio",
    "workflows",
)  # fmt: skip
"""The modules of Apprise that stand behind `SERVICES` and `GATEWAYS`."""
_alone = threading.Lock()
"""Each errand has a thread, and nobody may look through the services while another one loads some."""


def parts_of(address: str) -> dict[str, Any]:
    """The address as the library reads it; empty for one that it cannot read. The others are asked where ours are silent."""
    with _alone:
        load()
        return _read(address) or _read_by_all(address)


def load() -> None:
    """It loads what it finds listed in a folder, by name, and takes the modules from where it is installed."""
    services: Any = NotificationManager()  # type: ignore[no-untyped-call]
    if services:
        return
    with TemporaryDirectory() as folder:
        for name in OURS:
            (Path(folder) / f"{name}.py").touch()
        services.load_modules(path=folder)


def _read(address: str) -> dict[str, Any]:
    return plugins.url_to_dict(address, secure_logging=True) or {}  # type: ignore[no-untyped-call]


def _read_by_all(address: str) -> dict[str, Any]:
    """What somebody else's service is called is said, rather than that nobody can read it."""
    services: Any = NotificationManager()  # type: ignore[no-untyped-call]
    services.load_modules()
    return _read(address)
