"""Whole lists, asked for page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from sync.views.registry import Listed, Window

T = TypeVar("T")

PAGE = 1000  # as many as the API gives at once


async def every(ask: Callable[[Window], Awaitable[Listed[T] | None]], page: int = PAGE) -> AsyncIterator[T]:
    """All that a list has, in its order; nothing of a list that is not there."""
    after: str | None = None
    while (listed := await ask(Window(after, page))) is not None:
        for item in listed.items:
            yield item
        if listed.next is None:
            return
        after = listed.next
