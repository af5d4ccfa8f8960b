"""A wake-up between two tasks."""

from __future__ import annotations

import asyncio


class Bell:
    """Rung by a task that left work; wakes the waiting task once, now or when it next waits."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def heard(self, within_s: float) -> None:
        """Wait until the bell has been rung since the last wake-up, at most `within_s`."""
        try:
            async with asyncio.timeout(within_s):
                await self._rung.wait()
        except TimeoutError:
            return
        self._rung.clear()
