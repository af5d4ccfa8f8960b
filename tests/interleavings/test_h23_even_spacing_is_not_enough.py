"""H23: calls sent evenly arrive unevenly, and then one second at the platform sees too many.

A slot is free again one second after its answer, by the database's clock, for all workers of the token together:
whatever the jitter, no second at the platform ever sees more than the limit; and a worker that died holds its slot no
longer than a request may last.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.database.schema import rate_slots
from adapters.database.slots import DatabaseSlots
from adapters.database.store import Database
from adapters.slots import Slots

LIMIT = 10


def most_in_a_second(arrivals: list[float]) -> int:
    ordered = sorted(arrivals)
    return max(sum(start <= other < start + 1.0 for other in ordered) for start in ordered)


@asynccontextmanager
async def workers(kind: str, url: str) -> AsyncIterator[list[DatabaseSlots] | list[Slots]]:
    if kind == "one process":
        yield [Slots(lambda _: LIMIT)]
        return
    stores = [Database(url), Database(url)]
    all_slots = [DatabaseSlots(store, lambda _: LIMIT, 20.0) for store in stores]
    yield all_slots
    for slots, store in zip(all_slots, stores, strict=True):
        await slots.close()
        await store.close()


@pytest.mark.parametrize("kind", ["one process", "all workers"])
async def test_no_second_sees_more_than_the_limit_whatever_the_jitter(kind: str, postgresql_url: str) -> None:
    chance, arrivals = random.Random(7), []

    async def call(slots: DatabaseSlots | Slots) -> None:
        async with slots.slot("max"):
            await asyncio.sleep(chance.random() * 0.1)  # on the way there
            arrivals.append(asyncio.get_running_loop().time())
            await asyncio.sleep(chance.random() * 0.02)

    async with workers(kind, postgresql_url) as all_slots:
        await asyncio.gather(*(call(slots) for slots in all_slots for _ in range(30 // len(all_slots))))
    assert len(arrivals) == 30
    assert most_in_a_second(arrivals) <= LIMIT


async def test_the_slot_of_a_worker_that_died_comes_free_by_itself(postgresql_url: str) -> None:
    store = Database(postgresql_url)
    slots = DatabaseSlots(store, lambda _: 1, 20.0)
    async with slots.slot("max"), store.reading() as connection:
        free_at = (await connection.execute(select(rate_slots.c.free_at))).scalar_one()
        left = free_at - await store.time(connection)
        assert timedelta(seconds=15) < left <= timedelta(seconds=22)
    await slots.close()
    await store.close()
