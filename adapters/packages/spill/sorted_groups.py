"""Goes along what is sorted beside keys that are asked for in their order, so that neither need fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Generic, TypeVar

T = TypeVar("T")


class SortedGroups(Generic[T]):
    """Things that are sorted by a key, and `of(key)` those of each key in turn."""

    def __init__(self, things: Iterable[T], key: Callable[[T], str]) -> None:
        self._groups = groupby(things, key)
        self._next: tuple[str, Iterable[T]] | None = next(self._groups, None)

    def of(self, key: str) -> Iterable[T]:
        """The things of a key. To be used up before the next key, a greater one, is asked for."""
        while self._next is not None and self._next[0] < key:
            self._next = next(self._groups, None)
        return self._next[1] if self._next is not None and self._next[0] == key else ()
