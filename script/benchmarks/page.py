"""The first visit to a survey: how much a stranger waits for, before any of it is kept by their browser."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import folder

REQUESTS, BYTES = 3, 30_000
WELCOME = {"Accept-Encoding": "gzip, deflate, br"}
ASKED_FOR = re.compile(r"""<(?:link|script|img|iframe)\b[^>]*?\b(?:href|src)=["']([^"']+)""")
STARTS = len("HTTP/1.1 200 OK\r\n\r\n")


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """What a browser asks for to show a page, and the bytes of the answers with their headers."""

    addresses: tuple[str, ...]
    bytes: int


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    del quick
    with folder() as data, application(data) as app:
        open_one()
        visit = first_visit(app.test_client(), "/s/bench")
    yield {
        "figure": "first visit to a survey", "requests": len(visit.addresses), "most_requests": REQUESTS,
        "bytes": visit.bytes, "most_bytes": BYTES, "ratio": round(visit.bytes / BYTES, 2),
    }  # fmt: skip


def first_visit(client: FlaskClient, path: str) -> FirstVisit:
    """The page and all that it names; a typeface counts too, as a stylesheet that holds one names it."""
    page = client.get(path, headers=WELCOME)
    named = [address for address in ASKED_FOR.findall(_text(page)) if not address.startswith("data:")]
    answers = [client.get(address, headers=WELCOME) for address in named]
    faces = [face for answer in answers for face in re.findall(r"@font-face[^}]*url\(([^)]+)\)", _text(answer))]
    return FirstVisit((path, *named, *faces), sum(map(_weight, [page, *answers])))


def _text(answer: TestResponse) -> str:
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.data) if packed else answer.data).decode()


def _weight(answer: TestResponse) -> int:
    headers = sum(len(f"{name}: {value}\r\n") for name, value in answer.headers)
    return STARTS + headers + len(answer.data)
