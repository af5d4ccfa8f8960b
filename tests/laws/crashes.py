"""A process that dies: a store and a platform of which the n-th step, and every one after it, raises."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from adapters.database.store import Database
from tests.doubles.transaction import Watched
from tests.road import Road


class Crashed(Exception):  # noqa: N818 - what happened
    """The process is dead: nothing that it would have done next happens."""


@dataclass
class Life:
    """How many steps are left. A step is a call of a port, and each side of a commit."""

    steps: int

    def step(self) -> None:
        if self.steps <= 0:
            raise Crashed
        self.steps -= 1


@dataclass
class DyingStore:
    """A store whose process dies inside a transaction, or between its commit and the news of it."""

    store: Database
    life: Life

    def planning(self) -> AbstractAsyncContextManager[Any]:
        return self._dying(self.store.planning())

    def streaming(self) -> AbstractAsyncContextManager[Any]:
        return self._dying(self.store.streaming())

    def settling(self) -> AbstractAsyncContextManager[Any]:
        return self._dying(self.store.settling())

    @asynccontextmanager
    async def _dying(self, block: AbstractAsyncContextManager[Any]) -> AsyncIterator[Watched]:
        async def step(_: str, call: Callable[[], Awaitable[Any]]) -> Any:
            self.life.step()
            return await call()

        async with block as transaction:
            yield Watched(transaction, step)
            self.life.step()
        self.life.step()


async def dying(road: Road, steps: int, work: Callable[[Road], Awaitable[object]]) -> bool:
    """Does work in a process that dies after so many steps; gives whether it died. Its leases are over by then."""
    life = Life(steps)

    async def step(_: object) -> None:
        life.step()

    dead = replace(road, database=DyingStore(road.database, life))  # type: ignore[arg-type]
    road.platform.before = road.platform.after = step
    try:
        await work(dead)
    except Crashed:
        road.clock.turn(seconds=61)
        return True
    finally:
        road.platform.before = road.platform.after = _nothing
    return False


async def _nothing(_: object) -> None: ...
