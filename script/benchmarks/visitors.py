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
PEER_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
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
    found = TOKEN.search(_page(connection, "GET", "/s/bench").words)
    who = {"contact-wants": "mail", "contact-name": "Rita", "contact-email": f"r{number}@example.org"}
    said = {"terugkoppel-token": found[1] if found else "", "csat": "4", "comment": "The box was torn."}
    return _page(connection, "POST", "/s/bench", urlencode(said | who)).status == 303


def limit(connection: HTTPConnection, _number: int) -> bool:
    """The same page, and a row."""
    return _page(connection, "GET", "/s/bench").status == 200 == _page(connection, "POST", "/limit/").status


def peer(connection: HTTPConnection, number: int) -> bool:
    """The same to a survey made with Django."""
    page = _page(connection, "GET", "/s/bench")
    found, who = PEER_TOKEN.search(page.words), {"name": "Rita", "email": f"r{number}@example.org"}
    said = {"csrfmiddlewaretoken": found[1] if found else "", "csat": "4", "comment": "The box was torn.", "wants": "mail"}  # fmt: skip
    return _page(connection, "POST", "/s/bench", urlencode(said | who), page.cookie).status == 302


class Page(NamedTuple):
    status: int
    words: str
    cookie: str
    """The one that it set, if any."""


def _page(connection: HTTPConnection, method: str, path: str, body: str = "", cookie: str = "") -> Page:
    headers = (FORM if body else {}) | ({"Cookie": cookie} if cookie else {})
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    set_by_it = answer.headers.get("Set-Cookie", "").partition(";")[0]
    return Page(answer.status, answer.read().decode(), set_by_it)
