"""For how long something keeps the loop: the processor's time that is taken from one tick to the next, so that what
else the machine does changes nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TICK_S, MOST_S, YARDSTICK_S = 0.005, 0.05, 0.01


class Lag:
    """The most of the processor that was taken between two ticks, in seconds: of the loop's own thread, or by
    `time.process_time` of all threads, so that one that does not let go of the interpreter is seen, too.
    """

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self.most_s = 0.0

    async def tick(self) -> None:
        while True:
            before = self._clock()
            await asyncio.sleep(TICK_S)
            self.most_s = max(self.most_s, self._clock() - before)


def yardstick_s() -> float:
    """What a piece of work takes here and now: 10 ms where a processor is not shared with others' work."""
    before, made = time.thread_time(), dict[int, tuple[int, str]]()
    for number in range(60_000):
        made[number % 97] = number, str(number)
    return time.thread_time() - before


def slowness() -> float:
    return max(1.0, yardstick_s() / YARDSTICK_S)


def too_long(found: dict[str, float]) -> dict[str, float]:
    slow = slowness()
    return {name: most for name, most in found.items() if most > MOST_S * slow}


@contextmanager
def measured() -> Iterator[Lag]:
    lag = Lag()
    task = asyncio.get_running_loop().create_task(lag.tick())
    yield lag
    task.cancel()
