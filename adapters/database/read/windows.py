"""Windows of lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sync.views.registry import Listed, Window

T = TypeVar("T")


def windowed(items: Sequence[T], key: Callable[[T], str], window: Window, total: int | None) -> Listed[T]:
    """The window's part of items that begin at its key; an item beyond its limit shows that more follow."""
    shown = items[: window.limit]
    follows = key(shown[-1]) if len(items) > window.limit else None
    return Listed(shown, follows, total)


def number_after(cursor: str) -> int:
    """The number after which a list continues; a key that is not a valid number means the beginning."""
    return int(cursor) if cursor.isdecimal() and len(cursor) < 19 else 0


def window_of(items: Sequence[T], key: Callable[[T], str], window: Window) -> Listed[T]:
    """The window's part of a whole list, sorted by key."""
    behind = items if window.after is None else [item for item in items if key(item) > window.after]
    return windowed(behind, key, window, len(items) if window.counted else None)
