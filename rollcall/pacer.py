"""The right to make a request, within one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

SECOND = 1.002  # the loop's timers are exact to a millisecond, and never late is not never early

Later = Callable[[float, Callable[[], None]], object]
"""Makes a call so many seconds from now."""


class Slots:
    """So many slots for each token as it may make requests a second; one is free again a second after its answer.

    So no window of a second, by arrival or by answer, ever has more. 0 a second is no limit; less than one is one now
    and then.
    """

    def __init__(self, per_second: Callable[[str], float], later: Later | None = None) -> None:
        self._per_second = per_second
        self._later = later or _by_the_loop
        self._slots: dict[str, asyncio.Semaphore] = {}

    def slot(self, token: str) -> AbstractAsyncContextManager[None]:
        return self._slot(token)

    @asynccontextmanager
    async def _slot(self, token: str) -> AsyncIterator[None]:
        per_second = self._per_second(token)
        if not per_second:
            yield
            return
        count = max(1, int(per_second))
        slots = self._slots.setdefault(token, asyncio.Semaphore(count))
        await slots.acquire()
        try:
            yield
        finally:
            self._later(SECOND * max(1.0, count / per_second), slots.release)


def _by_the_loop(seconds: float, call: Callable[[], None]) -> object:
    return asyncio.get_running_loop().call_later(seconds, call)
