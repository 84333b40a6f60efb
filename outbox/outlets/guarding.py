"""What the child process may reach: public addresses, and hosts that the installation permits. No redirects, no long answers.

A name is looked up once, judged, and the addresses that were judged are the ones that are called: a name that points
elsewhere a moment later (rebinding) gains nothing.
"""

import json
import socket
import sys
import threading
from collections.abc import Collection
from typing import Any

import requests

from outbox.outlets.addresses import is_inside, permits

LONGEST = 65_536
"""Bytes of an answer that are read."""


class Inside(OSError):
    """The host lies in a network of our own, and nobody permitted it."""


class Heard(threading.local):
    """What the service of this thread answered last, and what stopped us before."""

    status: int = 0
    text: str = ""
    error: BaseException | None = None
    asked: int = 0
    """How many requests were begun."""

    @property
    def json(self) -> dict[str, Any]:
        """Empty when it answered something else."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


heard = Heard()


def guard(permitted: Collection[str]) -> None:
    """For the rest of this process."""
    let_through: set[str] = set()
    socket.getaddrinfo = _judged(socket.getaddrinfo, permitted, let_through)
    sys.addaudithook(lambda event, arguments: _refuse_inside(event, arguments, let_through))
    requests.Session.send = _plainly(requests.Session.send)  # type: ignore[method-assign]


def _judged(look_up: Any, permitted: Collection[str], let_through: set[str]) -> Any:
    def getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        found = look_up(host, *arguments, **named)
        numbers = {str(each[4][0]) for each in found}
        if permits(permitted, name):
            let_through.update(numbers)
        elif any(is_inside(number) for number in numbers):
            raise Inside(name)
        return found

    return getaddrinfo


def _refuse_inside(event: str, arguments: tuple[Any, ...], let_through: set[str]) -> None:
    """A second lock, for what connects without asking for a name."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    number = str(arguments[1][0])
    if number not in let_through and is_inside(number):
        raise Inside(number)


def _plainly(send: Any) -> Any:
    def plain(session: Any, request: Any, **how: Any) -> Any:
        heard.asked += 1
        try:
            answer = send(session, request, **{**how, "allow_redirects": False, "stream": True})
            answer._content = answer.raw.read(LONGEST, decode_content=True)  # noqa: SLF001 - no more of it than this
            answer._content_consumed = True  # noqa: SLF001
            answer.close()
        except Exception as error:
            heard.error = error
            raise
        heard.status, heard.text = answer.status_code, answer.text
        return answer

    return plain
