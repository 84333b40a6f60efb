"""Tests talk to this machine only; a try to reach another one fails the test, whatever catches errors.

Asked where Python reaches out, not by an audit hook: that one is called at each `id()` and each file as well, which was
a fortieth of what all tests take.
"""

import _socket
import socket
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest

HERE = {None, "", "localhost", "::1", b"localhost"}
REACHING = {"connect": 0, "connect_ex": 0, "sendto": -1}
"""Of a socket: where among what it is given the address stands."""


def stay() -> None:
    """For the rest of this process."""
    for name, place in REACHING.items():
        setattr(socket.socket, name, _of_a_socket(getattr(socket.socket, name), place))
    looked_up: Any = _socket
    looked_up.getaddrinfo = _of_names(looked_up.getaddrinfo)


def _of_a_socket(reach: Callable[..., Any], place: int) -> Callable[..., Any]:
    @wraps(reach)
    def reaching(self: socket.socket, *given: Any) -> Any:
        if isinstance(given[place], tuple):
            _judge(given[place][0])
        return reach(self, *given)

    return reaching


def _of_names(look_up: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(look_up)
    def looking_up(host: Any, *given: Any, **named: Any) -> Any:
        _judge(host)
        return look_up(host, *given, **named)

    return looking_up


def _judge(host: Any) -> None:
    if host not in HERE and not str(host).startswith("127."):
        pytest.fail(f"a test tried to reach {host}")
