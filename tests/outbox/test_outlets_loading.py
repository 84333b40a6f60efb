"""Only the services that something is sent to are loaded, and each of those is."""

import json
import subprocess
import sys

import pytest

from core.settings import ROOT
from outbox.outlets.addresses import GATEWAYS, PLAIN, SERVICES

SAID = """
import json
from apprise.manager_plugins import NotificationManager
from outbox.outlets import loading
loading.load()
ours = NotificationManager().schemas()
read = [loading.parts_of(address).get("schema") for address in ("json://a", "mailto://a:b@example.com", "nobody://a", "")]
print(json.dumps([ours, read, NotificationManager().schemas()]))
"""


@pytest.fixture(scope="module")
def said() -> tuple[set[str], list[str | None], set[str]]:
    """Of a process of its own, as in life: what ours are, how some addresses are read, and what is known after that."""
    out = subprocess.run([sys.executable, "-c", SAID], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    ours, read, known = json.loads(out)
    return set(ours), read, set(known)


def test_every_service_of_the_list_is_loaded_and_few_others(
    said: tuple[set[str], list[str | None], set[str]],
) -> None:
    ours, _read, known = said
    assert {*SERVICES, *GATEWAYS, *PLAIN} <= ours
    assert len(ours) < 40 < len(known)


def test_somebody_elses_service_is_known_by_its_name(
    said: tuple[set[str], list[str | None], set[str]],
) -> None:
    assert said[1] == ["json", "mailto", None, None]
