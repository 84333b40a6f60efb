"""What was made for the keys that were asked for last, and need not be made again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

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
