"""A wake-up between two tasks."""

from __future__ import annotations

import asyncio


class Bell:
    """Rung by whoever left work to do; heard once by whoever waits, now or later."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def heard(self, within_s: float) -> None:
        """Waits until it was rung since last heard, `within_s` at most."""
        try:
            async with asyncio.timeout(within_s):
                await self._rung.wait()
        except TimeoutError:
            return
        self._rung.clear()
