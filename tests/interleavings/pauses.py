"""A store whose transactions stop where a test wants them to: between what they read and what they write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from adapters.database.store import Database
from tests.doubles.transaction import Watched

Work = Callable[[], Awaitable[Any]]

LONGEST_S = 60  # a test that stands still longer has failed

WAITING_FOR_A_LOCK = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass
class Pause:
    """Stops the first transaction that comes out of the named method, such as `plans.load`, until it may go on."""

    after: str
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def around(self, name: str, call: Callable[[], Awaitable[Any]]) -> Any:
        answer = await call()
        if name == self.after and not self.reached.is_set():
            self.reached.set()
            await self.go.wait()
        return answer


class PausingDatabase(Database):
    """A store with connections of its own, as another process has them; it stops where its `pause` says."""

    pause: Pause | None = None

    @asynccontextmanager
    async def planning(self) -> AsyncIterator[Any]:
        async with super().planning() as transaction:
            yield self._paused(transaction)

    @asynccontextmanager
    async def settling(self) -> AsyncIterator[Any]:
        async with super().settling() as transaction:
            yield self._paused(transaction)

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[Any]:
        async with super().hearing() as transaction:
            yield self._paused(transaction)

    @asynccontextmanager
    async def adopting(self) -> AsyncIterator[Any]:
        async with super().adopting() as transaction:
            yield self._paused(transaction)

    def _paused(self, transaction: Any) -> Any:
        return Watched(transaction, self.pause.around) if self.pause is not None else transaction


async def overlap(database: Database, after: str, first: Work, *meanwhile: Work) -> list[bool]:
    """Stops `first`, which works on this (pausing) store, behind a method; runs the others, one by one, each until it
    has ended or waits for a lock; then lets all of them end. Gives which of the others had to wait.
    """
    assert isinstance(database, PausingDatabase)
    pause = database.pause = Pause(after)
    async with asyncio.timeout(LONGEST_S), asyncio.TaskGroup() as group:
        group.create_task(_run(first))
        await pause.reached.wait()
        others: list[asyncio.Task[None]] = []
        for other in meanwhile:
            others.append(group.create_task(_run(other)))
            await ended_or_waiting(database, others)
        waited = [not other.done() for other in others]
        pause.go.set()
    database.pause = None
    return waited


async def _run(work: Work) -> None:
    await work()


async def ended_or_waiting(database: Database, tasks: list[asyncio.Task[None]]) -> None:
    """Returns once each of the tasks has ended or waits for a lock of this PostgreSQL database."""
    while sum(not task.done() for task in tasks) > await _waiting(database):
        pass  # each look at the database lets the tasks go on


async def _waiting(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(WAITING_FOR_A_LOCK)).scalar_one())
