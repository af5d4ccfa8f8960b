"""At a limit: how much of it is used while there is always more to do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from adapters.database.migrate import upgrade
from adapters.database.slots import DatabaseSlots
from adapters.database.store import Database
from adapters.slots import Slots
from bench.ground import Ground
from bench.measure import Pairs
from sync.ports.clocks import Pacer

RATE = 30
ANSWER_S = 0.1
BACKLOG = 100
ROUNDS = 3
WARM_UP_S, ROUND_S = 2.0, 8.0


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    """The ceiling is R / (1 s + answer time): a slot is free again a second after its answer."""
    url = ground.empty("postgresql")
    await upgrade(url)
    database = Database(url)
    by_rows = Pairs(f"requests at a limit of {RATE}/s, by rows of the database", "requests/s")
    by_process = Pairs(f"requests at a limit of {RATE}/s, within a process", "requests/s")
    for _ in range(ROUNDS):
        slots = DatabaseSlots(database, lambda _: RATE, 20.0)
        by_rows.add(await _used(slots), RATE / (1 + ANSWER_S))
        await slots.close()
        by_process.add(await _used(Slots(lambda _: RATE)), RATE / (1 + ANSWER_S))
    await database.close()
    for pairs in (by_rows, by_process):
        yield pairs


async def _used(pacer: Pacer) -> float:
    """Requests a second with a backlog, once it is under way."""
    answers: list[float] = []

    async def ask_for_ever() -> None:
        while True:
            async with pacer.slot("max"):
                await asyncio.sleep(ANSWER_S)
                answers.append(time.monotonic())

    tasks = [asyncio.create_task(ask_for_ever()) for _ in range(BACKLOG)]
    began = time.monotonic()
    await asyncio.sleep(WARM_UP_S + ROUND_S)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    under_way = [at for at in answers if at > began + WARM_UP_S]
    whole = (len(under_way) - 1) // RATE * RATE  # answers come in bursts: only whole turns of all slots are counted
    return whole / (under_way[whole] - under_way[0])
