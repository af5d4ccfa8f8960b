"""The clock: the only source of time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

import structlog

from sync.clocks import LARGEST_JUMP, Judgement

log = structlog.get_logger()

LONG_AGO = date(1970, 1, 1)


class SystemClock:
    """Follows the machine's clock unless that jumps, for a school's day is never taken back. After a jump it continues
    from the former time, until the machine's clock is right again or a person says that it is.

    Whether it is right to begin with is decided by who knows other clocks; until then no school is taken to another
    day.
    """

    def __init__(
        self, wall: Callable[[], datetime] = lambda: datetime.now(UTC), seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._seconds = wall, seconds
        self._was, self._was_s = wall(), seconds()
        self._jumped_at: datetime | None = None
        self._judgement: Judgement | None = None
        self._days_from: tuple[datetime, float] | None = _noon(LONG_AGO), self._was_s
        self._doubted_at: datetime | None = None

    def now(self) -> datetime:
        """Aware UTC."""
        wall, now_s = self._wall(), self._seconds()
        passed = self._was + timedelta(seconds=now_s - self._was_s)
        if abs(wall - passed) > LARGEST_JUMP:
            self._has_jumped(passed, wall)
            return passed
        self._was, self._was_s, self._jumped_at = wall, now_s, None
        return wall

    def machine(self) -> datetime:
        """What the machine says, believed or not."""
        return self._wall()

    def monotonic(self) -> float:
        return self._seconds()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def days_until(self, now: datetime) -> datetime:
        """The instant up to which schools' days may be taken: now, or as long after the last day as has passed."""
        if self._days_from is None:
            return now
        start, start_s = self._days_from
        return min(now, start + timedelta(seconds=self._seconds() - start_s))

    def jumped_at(self) -> datetime | None:
        """Since when the machine's clock is distrusted; None while it is trusted."""
        self.now()
        return self._jumped_at or self._doubted_at

    def judged(self, judgement: Judgement) -> None:
        """What others know of the machine's clock, the first time and until it is believed: from then on whatever it
        does is seen by itself.
        """
        if self._judgement is not None and (judgement.doubts or not self._judgement.doubts):
            return
        self._judgement = judgement
        self._was, self._was_s = judgement.goes_by or self._wall(), self._seconds()
        stays = judgement.days_stay_at
        self._days_from = None if stays is None else (_noon(stays), self._was_s)
        self._doubted_at = self._was if judgement.doubts else None
        if judgement.doubts:
            told = {"goes_on_from": self._was.isoformat(), "days_stay_at": None if stays is None else stays.isoformat()}
            log.error("clock.doubted", the_machine_says=self._wall().isoformat(), **told)

    def _has_jumped(self, passed: datetime, wall: datetime) -> None:
        if self._jumped_at is None:
            self._jumped_at = passed
            log.error("clock.jumped", goes_on_from=passed.isoformat(), the_machine_says=wall.isoformat())


def _noon(day: date) -> datetime:
    """An instant of the same date nearly everywhere."""
    return datetime.combine(day, time_of_day(12), UTC)
