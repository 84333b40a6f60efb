"""Many who answer at once, each over a connection of their own that stays open."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from itertools import count
from math import inf
from typing import NamedTuple
from urllib.parse import urlencode

TOKEN = re.compile(r'name="terugkoppel-token"[^>]*value="([^"]+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Visit = Callable[[HTTPConnection, int], bool]
"""One GET and POST by somebody with this number; whether it was taken."""


class Crowd(NamedTuple):
    """Seconds of each visit that was taken, the others, and how long all of it took."""

    seconds: list[float]
    errors: int
    taken: float

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.taken

    def ms(self, share: float) -> float:
        """So many of a hundred took no longer."""
        return sorted(self.seconds)[int(len(self.seconds) * share)] * 1000 if self.seconds else 0.0


def crowd(port: int, visit: Visit, clients: int, visits: int, first: int = 0, seconds: float = inf) -> Crowd:
    """At least so many visits, as many over each connection; or as many as begin within so many `seconds`."""
    numbers = count(first)
    begun = time.monotonic()
    with ThreadPoolExecutor(clients) as threads:
        each = -(-visits // clients)
        found = [taken for one in threads.map(lambda _n: list(_visits(port, visit, numbers, each, begun + seconds)), range(clients)) for taken in one]  # fmt: skip
    whole = [seconds for seconds in found if seconds is not None]
    return Crowd(whole, len(found) - len(whole), time.monotonic() - begun)


def _visits(
    port: int, visit: Visit, numbers: Iterator[int], each: int, until: float
) -> Iterator[float | None]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    for _visit in range(each):
        if (begun := time.monotonic()) > until:
            break
        try:
            sound = visit(connection, next(numbers))
        except (OSError, HTTPException):
            connection.close()
            sound = False
        yield time.monotonic() - begun if sound else None
    connection.close()


def answer(connection: HTTPConnection, number: int) -> bool:
    """By somebody new, with a comment."""
    found = TOKEN.search(_said(connection, "GET", "/s/bench")[1])
    who = {"contact-wants": "mail", "contact-name": "Rita", "contact-email": f"r{number}@example.org"}
    said = {"terugkoppel-token": found[1] if found else "", "csat": "4", "comment": "The box was torn."}
    return _said(connection, "POST", "/s/bench", urlencode(said | who))[0] == 303


def limit(connection: HTTPConnection, _number: int) -> bool:
    return all(_said(connection, method, "/")[0] == 200 for method in ("GET", "POST"))


def _said(connection: HTTPConnection, method: str, path: str, body: str = "") -> tuple[int, str]:
    connection.request(method, path, body or None, FORM if body else {})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()
