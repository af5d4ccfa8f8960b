"""What remembering schools takes: the memory of a process that has met many, beside what it counts for them."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path

import uvloop
from sqlalchemy import func, select

from adapters.database.load.remembered import BYTES_AN_ASSERTION
from adapters.database.schema import FACTS
from adapters.database.store import Database
from bench.copies import copied, multiply, tidy
from bench.ground import Ground
from bench.measure import Pairs
from bench.schools import Movers, intake_of, load, settled, some_schools, take
from rollcall.demo.school import School

SCHOOLS, FEW, MANY = 1, 2, 42
OF_A_REGION = 500
TRANSFERS = 25  # of one school in a batch: worth remembering it at once
MEGABYTE = 1e6
ENOUGH = 64 * 1024**3


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    schools, url = some_schools(SCHOOLS), ground.empty("postgresql")
    await load(url, schools)
    database = Database(url)
    await settled(database)
    await multiply(database, MANY + FEW)
    await tidy(database)
    counted = await _facts(database) / (MANY + FEW + 1) * BYTES_AN_ASSERTION / MEGABYTE
    await database.close()
    pairs = Pairs(f"{OF_A_REGION} schools of {len(schools[0].people):,} people remembered, beside as counted", "MB")
    pairs.add(_apart(url, schools) * OF_A_REGION, counted * OF_A_REGION)
    yield pairs


async def _facts(database: Database) -> int:
    async with database.reading() as connection:
        counts = [await connection.execute(select(func.count()).select_from(table)) for table in FACTS.values()]
    return sum(int(each.scalar_one()) for each in counts)


def _apart(url: str, schools: Sequence[School]) -> float:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_met, url, schools).result()


def _met(url: str, schools: Sequence[School]) -> float:
    return uvloop.run(_meet(url, schools))


async def _meet(url: str, schools: Sequence[School]) -> float:
    """By how many megabytes the process grew for each school that it met."""
    database = Database(url, remembered_bytes=ENOUGH)
    numbers = count(1)
    for copy in range(1, FEW + 1):
        await take(intake_of(database), Movers([copied(schools[0], copy)], numbers=numbers).transfers(TRANSFERS))
    before = _resident()
    for copy in range(FEW + 1, FEW + MANY + 1):
        await take(intake_of(database), Movers([copied(schools[0], copy)], numbers=numbers).transfers(TRANSFERS))
    grown = (_resident() - before) / MANY
    await database.close()
    return grown


def _resident() -> float:
    """Megabytes of this process in memory now. Linux only."""
    gc.collect()
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * 1024 / MEGABYTE
