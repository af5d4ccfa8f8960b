"""What an event costs in a large database, beside the same in a small one; and the memory of the process."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import count, cycle
from math import ceil
from statistics import median

import uvloop
from sqlalchemy import func, select

from adapters.database.schema import places
from adapters.database.store import Database
from bench.copies import copied, multiply, tidy
from bench.cpu import peak_memory
from bench.ground import Ground
from bench.measure import Pairs, timed
from bench.schools import BATCH, Movers, intake_of, load, settled, some_schools, take
from rollcall.demo.school import School

SMALL, LARGE = 10_000, 1_000_000
SCHOOLS_MET = 3  # in both, and remembered in both, so that the size alone differs
ROUNDS, WARM_UP = 5, 1
SINGLES = 15


@dataclass
class Region:
    """A database of so many places, and its schools; a few of them, far from each other, are met in turns."""

    url: str
    school: School
    copies: int
    seed: int = 1
    known: dict[int, Movers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.turns = cycle(no * self.copies // (SCHOOLS_MET - 1) for no in range(SCHOOLS_MET))

    def transfers(self, number: int) -> list[bytes]:
        chosen = [self._next() for _ in range(min(number, SCHOOLS_MET))]
        return [event for movers in chosen for event in movers.transfers(number // len(chosen))]

    def _next(self) -> Movers:
        copy = next(self.turns)
        if copy not in self.known:
            numbers = count(self.seed * 1_000_000)  # so that the events of two processes are not the same
            self.known[copy] = Movers([copied(self.school, copy)], numbers=numbers)
        return self.known[copy]


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    """Ours is the cost in the large database, the ceiling that in the small one: 1 is a cost that does not grow."""
    [school], loaded = some_schools(1), ground.empty("postgresql")
    await load(loaded, [school])
    small, large = [await _region(ground.copy(loaded), school, places_) for places_ in (SMALL, LARGE)]
    of = f"at {LARGE:,} places beside {SMALL:,}"
    batch = Pairs(f"an event in a batch of {BATCH}, {of}", "CPU ms")
    single = Pairs(f"an event by itself, {of}", "CPU ms")
    for number in range(ROUNDS + WARM_UP):
        costs = [await _costs(region) for region in (large, small)]
        if number >= WARM_UP:
            batch.add(costs[0][0], costs[1][0])
            single.add(costs[0][1], costs[1][1])
    memory = Pairs(f"memory at its peak, {of}", "MB")
    for seed in (2, 3, 4):
        memory.add(await _memory(large, seed), await _memory(small, seed))
    for pairs in (batch, single, memory):
        yield pairs


async def _region(url: str, school: School, wanted: int) -> Region:
    database = Database(url)
    await settled(database)
    async with database.reading() as connection:
        own = (await connection.execute(select(func.count()).select_from(places))).scalar_one()
    copies = ceil(wanted / own) - 1
    await multiply(database, copies)
    await tidy(database)
    await database.close()
    return Region(url, school, copies)


async def _costs(region: Region) -> tuple[float, float]:
    """Milliseconds of processors' time for an event in a batch, and for one by itself."""
    database = Database(region.url)
    for _ in range(2):
        await take(intake_of(database), region.transfers(BATCH))  # connects, and meets the schools
    events, singles = region.transfers(BATCH), []
    with timed() as batch:
        await take(intake_of(database), events)
    for _ in range(SINGLES):
        events = region.transfers(1)
        with timed() as single:
            await take(intake_of(database), events)
        singles.append(single.cpu_seconds * 1000)
    await database.close()
    return batch.cpu_seconds * 1000 / BATCH, median(singles)


async def _memory(region: Region, seed: int) -> float:
    """The most that a process of its own had in memory while it took batches."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, _peak, region.url, region.copies, seed)


def _peak(url: str, copies: int, seed: int) -> float:
    region = Region(url, some_schools(1)[0], copies, seed)
    uvloop.run(_take_some(region))
    return peak_memory()


async def _take_some(region: Region) -> None:
    database = Database(region.url)
    for _ in range(6):
        await take(intake_of(database), region.transfers(BATCH))
    await database.close()
