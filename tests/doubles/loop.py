"""A loop whose time passes at once: nothing waits for a clock, and what is due earlier still comes first."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")

LONGEST_S = 60.0  # work outside of the loop that takes longer has failed


class _NoWaiting(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self._loop.outside and timeout != 0:
            return self._waited()
        if timeout is None:
            raise AssertionError("nothing will ever happen")
        self._loop.now += max(0.0, timeout)
        return super().select(0)

    def _waited(self) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(LONGEST_S)
        if not found:
            raise AssertionError("work outside of the loop does not end")
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """`outside`: how much goes on in threads, such as a database's; until it has ended time stands still, and all is
    not `quiet`.
    """

    now = 0.0
    outside = 0

    def __init__(self) -> None:
        super().__init__(_NoWaiting(self))
        self.quiet = asyncio.Event()

    def time(self) -> float:
        return self.now

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        self.outside += 1
        self.quiet.clear()
        try:
            yield
        finally:
            self.outside -= 1
            if not self.outside:
                self.quiet.set()


def run_at_once(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
