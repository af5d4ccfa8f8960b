"""The right to make a request, within one process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Generic, TypeVar

SECOND = 1.002  # the loop's timers are exact to a millisecond, and never late is not never early

LOOKS_SHARE = 0.05  # of the requests, for looks at rooms, whatever else there is to do

T = TypeVar("T")

Later = Callable[[float, Callable[[], None]], object]
"""Makes a call so many seconds from now."""


class Slots:
    """So many slots for each token as it may make requests a second; one is free again a second after its answer.

    So no window of a second, by arrival or by answer, ever has more. 0 a second is no limit; less than one is one now
    and then.
    """

    def __init__(
        self, per_second: Callable[[str], float], later: Later | None = None, *, looks_share: float = LOOKS_SHARE
    ) -> None:
        self._per_second = per_second
        self._later = later or _by_the_loop
        self._looks_share = looks_share
        self._lanes: dict[str, Lane] = {}

    def slot(self, token: str, *, urgent: bool = False, look: bool = False) -> AbstractAsyncContextManager[None]:
        return self._slot(token, urgent=urgent, look=look)

    @asynccontextmanager
    async def _slot(self, token: str, *, urgent: bool, look: bool) -> AsyncIterator[None]:
        per_second = self._per_second(token)
        if not per_second:
            yield
            return
        count = max(1, int(per_second))
        lane = self._lanes.setdefault(token, Lane(count, self._looks_share))
        await lane.enter(urgent=urgent, look=look)
        try:
            yield
        finally:
            self._later(SECOND * max(1.0, count / per_second), lane.leave)


class Lane:
    """The slots of one token."""

    def __init__(self, free: int, looks_share: float) -> None:
        self._free = free
        self._waiting = Waiting[None](looks_share)

    async def enter(self, *, urgent: bool, look: bool) -> None:
        if self._free:
            self._free -= 1
            return
        place = self._waiting.add(urgent=urgent, look=look)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()  # it was given the slot and does not take it
            raise

    def leave(self) -> None:
        place = self._waiting.next()
        if place is None:
            self._free += 1
        else:
            place.set_result(None)


class Waiting(Generic[T]):
    """Who waits for a slot: whoever is urgent before all who are not, looks after both, and of each the first to come
    is the first. Of all slots a share is for looks that wait, whoever else does.
    """

    def __init__(self, looks_share: float = LOOKS_SHARE) -> None:
        self._urgent: deque[asyncio.Future[T]] = deque()
        self._others: deque[asyncio.Future[T]] = deque()
        self._looks: deque[asyncio.Future[T]] = deque()
        self._share, self._due = looks_share, 0.0

    def __len__(self) -> int:
        return sum(not place.done() for place in (*self._urgent, *self._others, *self._looks))

    def add(self, *, urgent: bool, look: bool = False) -> asyncio.Future[T]:
        place: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        (self._looks if look else self._urgent if urgent else self._others).append(place)
        return place

    def next(self) -> asyncio.Future[T] | None:
        """Who is first, and waits no longer; who gave up meanwhile is passed over."""
        self._due = min(1.0, self._due + self._share)
        looks_first = self._due >= 1.0
        waiting = (self._urgent, self._others)
        for of_kind in (self._looks, *waiting) if looks_first else (*waiting, self._looks):
            place = _first(of_kind)
            if place is not None:
                self._due = 0.0 if of_kind is self._looks else self._due
                return place
        return None


def _first(waiting: deque[asyncio.Future[T]]) -> asyncio.Future[T] | None:
    while waiting:
        place = waiting.popleft()
        if not place.done():
            return place
    return None


def _by_the_loop(seconds: float, call: Callable[[], None]) -> object:
    return asyncio.get_running_loop().call_later(seconds, call)
