"""Further requests that a client asks to make, counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Slots:
    def __init__(self) -> None:
        self.taken = 0

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[None]:
        self.taken += 1
        yield
