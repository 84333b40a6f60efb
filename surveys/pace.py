"""How often one address answers. Many from one place may be a machine, or a waiting room: they are kept, and flagged.

Counted in this process alone: with more of them the bounds are that many times wider, which harms nobody.
"""

import time
from collections import OrderedDict, deque
from functools import lru_cache
from ipaddress import ip_address
from threading import Lock

from flask import current_app, request
from flask.sansio.app import App
from werkzeug.exceptions import TooManyRequests

PLACES = 10_000
"""Addresses that are remembered; the one that was quiet for longest goes first."""


class Pace:
    """More than `most` within `seconds` is too much."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()
        self._one_at_a_time = Lock()

    def is_over(self, address: str, moment: float) -> bool:
        """Remember one more, and say whether it is one too many; `moment` in seconds of a clock that never jumps."""
        with self._one_at_a_time:
            sent = self._moments.setdefault(address, deque(maxlen=self.most + 1))
            self._moments.move_to_end(address)
            sent.append(moment)
            if len(self._moments) > PLACES:
                self._moments.popitem(last=False)
            return len(sent) > self.most and sent[0] > moment - self.seconds


def init_pace(app: App) -> None:
    app.extensions["pace_of_requests"] = Pace(20, 1)
    app.extensions["pace_of_answers"] = Pace(60, 3_600)
    app.extensions["pace_of_tablets"] = Pace(240, 3_600)


def refuse_a_rush() -> None:
    """429 above twenty a second. Not from this machine itself: that is a proxy which was not told about, so it is everybody."""
    address = request.remote_addr or ""
    if (
        request.method == "POST"
        and not _is_here(address)
        and current_app.extensions["pace_of_requests"].is_over(address, time.monotonic())
    ):
        raise TooManyRequests(retry_after=1)


def is_suspect() -> bool:
    """Whether this answer is above sixty an hour from one address."""
    return bool(
        current_app.extensions["pace_of_answers"].is_over(request.remote_addr or "", time.monotonic())
    )


def is_suspect_tablet(kiosk_id: int) -> bool:
    """A tablet sends one answer after another all day, but no queue is faster than one in fifteen seconds for an hour."""
    return bool(current_app.extensions["pace_of_tablets"].is_over(f"tablet {kiosk_id}", time.monotonic()))


@lru_cache(maxsize=1024)
def _is_here(address: str) -> bool:
    return not address or ip_address(address).is_loopback
