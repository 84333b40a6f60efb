"""What was made for the keys that were asked for last, and need not be made again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from flask import current_app

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """At most so many; the one that nobody asked for longest goes first. Only for what can never change."""

    def __init__(self, most: int) -> None:
        self._most, self._kept = most, OrderedDict[K, V]()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """What was kept, else what `make` returns; two threads may make the same at once, which harms nobody."""
        found = self._kept.pop(key, None)
        found = self._kept[key] = make() if found is None else found
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found


def of_this_application(name: str, most: int) -> Recent[Any, Any]:
    """What it keeps under this name; another one has a database of its own."""
    held: dict[str, Recent[Any, Any]] = current_app.extensions
    return held[name] if name in held else held.setdefault(name, Recent(most))
