"""The clock: the only source of time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

LARGEST_JUMP = timedelta(days=2)

log = structlog.get_logger()


class SystemClock:
    """Follows the machine's clock unless that jumps, for a school's day is never taken back. After a jump it continues
    from the former time, until the machine's clock is right again or the process is restarted.
    """

    def __init__(
        self, wall: Callable[[], datetime] = lambda: datetime.now(UTC), seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._seconds = wall, seconds
        self._was, self._was_s = wall(), seconds()
        self._jumped_at: datetime | None = None

    def now(self) -> datetime:
        """Aware UTC."""
        wall, now_s = self._wall(), self._seconds()
        passed = self._was + timedelta(seconds=now_s - self._was_s)
        if abs(wall - passed) > LARGEST_JUMP:
            self._has_jumped(passed, wall)
            return passed
        self._was, self._was_s, self._jumped_at = wall, now_s, None
        return wall

    def monotonic(self) -> float:
        return self._seconds()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def jumped_at(self) -> datetime | None:
        """Since when the machine's clock is distrusted; None while it is trusted."""
        self.now()
        return self._jumped_at

    def _has_jumped(self, passed: datetime, wall: datetime) -> None:
        if self._jumped_at is None:
            self._jumped_at = passed
            log.error("clock.jumped", goes_on_from=passed.isoformat(), the_machine_says=wall.isoformat())
