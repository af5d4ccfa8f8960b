"""Long work in portions, so that nothing else on the loop waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

T = TypeVar("T")


async def portions(items: Sequence[T], size: int) -> AsyncIterator[Sequence[T]]:
    """The items, up to `size` at a time, in order; yields to the event loop before each further portion."""
    for start in range(0, len(items), size):
        if start:
            await asyncio.sleep(0)
        yield items[start : start + size]
