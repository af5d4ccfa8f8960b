"""The right to make a request, within one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

SECOND = 1.002  # the loop's timers are exact to a millisecond, and never late is not never early


class Slots:
    """So many slots for each token as it may make requests a second; one is free again a second after its answer.

    So no window of a second, by arrival or by answer, ever has more. 0 a second is no limit.
    """

    def __init__(self, per_second: Callable[[str], int]) -> None:
        self._per_second = per_second
        self._slots: dict[str, asyncio.Semaphore] = {}

    def slot(self, token: str) -> AbstractAsyncContextManager[None]:
        return self._slot(token)

    @asynccontextmanager
    async def _slot(self, token: str) -> AsyncIterator[None]:
        per_second = self._per_second(token)
        if not per_second:
            yield
            return
        slots = self._slots.setdefault(token, asyncio.Semaphore(per_second))
        await slots.acquire()
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(SECOND, slots.release)
