"""pgqueuer's jobs that do nothing: what a good queue on the same PostgreSQL does, without any rule or call."""

from __future__ import annotations

import time
from datetime import timedelta

import asyncpg
from pgqueuer import AsyncpgDriver, PgQueuer, Queries
from pgqueuer.types import QueueExecutionMode

from bench import cpu
from bench.measure import Stopwatch

NAME = "nothing"
AT_ONCE = 500
PATIENCE = timedelta(seconds=1)  # it waits so long for more before it ends: not counted


async def drained(url: str, number: int) -> Stopwatch:
    """Has so many empty jobs done, in an empty database; the time until the last of them was."""
    connection = await asyncpg.connect(url)
    queries = Queries(AsyncpgDriver(connection))
    await queries.install()
    await queries.enqueue([NAME] * number, [None] * number, [0] * number)
    queue, last = PgQueuer.from_asyncpg_connection(connection), 0.0

    @queue.entrypoint(NAME)
    async def nothing(_: object) -> None:
        nonlocal last
        last = time.perf_counter()

    before, began = cpu.spent(), time.perf_counter()
    await queue.run(batch_size=AT_ONCE, mode=QueueExecutionMode.drain, dequeue_timeout=PATIENCE)
    spent = cpu.since(before)
    await connection.close()
    return Stopwatch(last - began, spent)
