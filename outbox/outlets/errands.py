"""The server's side: send a child process on errands, and get back what came of each. Never inside a transaction."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from core.db import db
from core.settings import ROOT, settings

SECONDS = 10.0
"""For all errands of one run together."""
GRACE_SECONDS = 10.0
"""For starting Python and loading the library."""
PASSED_ON = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
"""Of the environment: no secret, and no proxy, which would look up names for us."""


@dataclass(frozen=True, slots=True)
class Errand:
    """`address`: judge it and seal it. `sealed`: send these words there. `only_permitted`: to no other host than those the setting names."""

    address: str = ""
    sealed: str = ""
    title: str = ""
    body: str = ""
    only_permitted: bool = False
    texts: bool = False
    """It is about a gateway of text messages."""
    to: str = ""
    """The number that a text message goes to."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem` is empty when it went well; else one of `outbox.outlets.outcomes`. The rest is of an address that was judged.

    `refused`: of a text message, that it was certainly not taken; where that is not said, nobody knows.
    """

    problem: str = ""
    reply: str = ""
    service: str = ""
    shown: str = ""
    sealed: str = ""
    refused: bool = False


def run(errands: Sequence[Errand], seconds: float = SECONDS) -> list[Outcome]:
    """What came of each, in their order. What was read before is let go: the network is never inside a transaction."""
    db.session.rollback()
    job = {
        "keys": list(settings().keys), "permitted": list(settings().alert_hosts), "seconds": seconds,
        "errands": [asdict(errand) for errand in errands],
    }  # fmt: skip
    said = _child(json.dumps(job), seconds + GRACE_SECONDS)
    try:
        found = [Outcome(**answer) for answer in json.loads(said)]
    except (ValueError, TypeError):
        found = []
    return found if len(found) == len(errands) else [Outcome("broken")] * len(errands)


def _child(job: str, seconds: float) -> str:
    """Its answer; empty when it ended without one, or had to be ended."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    child = subprocess.Popen(
        [sys.executable, "-m", "outbox.outlets.messenger"],
        cwd=ROOT,
        env=environment | {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "NETRC": os.devnull},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        return child.communicate(job, timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return ""
