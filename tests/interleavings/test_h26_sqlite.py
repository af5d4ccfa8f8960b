"""H26. A deferred transaction of SQLite that reads, then writes, fails at once with "database is locked", whatever its
timeout, where another has written between.

`BEGIN IMMEDIATE` for every use case that writes, one writer at a time, and readers apart, who wait for nobody.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from adapters.database import engine
from adapters.database.schema import inbox, organisations
from adapters.database.store import Database
from sync.errors import StoreUnavailable
from sync.ids import OrganisationId, PersonId
from tests.interleavings.pauses import LONGEST_S
from tests.interleavings.told import Told, shown
from tests.road import Road, TestClock

BATCHES = 10


@pytest.fixture
async def both(sqlite_url: str) -> AsyncIterator[tuple[Road, Road]]:
    """Two processes, as far as SQLite knows: each with a store of its own on one file."""
    clock, first = TestClock(), None
    async with AsyncExitStack() as stack:
        roads = []
        for _ in range(2):
            database = Database(sqlite_url, clock=clock.of_database)
            stack.push_async_callback(database.close)
            first = Road(database, clock) if first is None else Road(database, clock, first.platform)
            roads.append(first)
        yield roads[0], roads[1]


async def count_of_events(road: Road) -> int:
    async with road.database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(inbox))).scalar_one())


def batches(told: Told, school: str) -> list[list[dict[str, object]]]:
    hired = [
        told.school("employee.hired", school, employee_id=f"{school}{number}", position_type="other", source=school)
        for number in range(BATCHES)
    ]
    return [[event] for event in hired]


async def test_two_who_write_at_once_both_write(both: tuple[Road, Road]) -> None:
    told = Told()
    theirs = [batches(told, school) for school in ("one", "two")]

    async def write(road: Road, mine: list[list[dict[str, object]]]) -> None:
        for batch in mine:
            await road.post(batch)
            await road.plan()
            await road.settle()

    await asyncio.gather(*(write(road, mine) for road, mine in zip(both, theirs, strict=True)))
    assert await count_of_events(both[0]) == 2 * BATCHES


def write_alone(url: str, school: str, start: threading.Barrier) -> None:
    """A process of its own."""

    async def write() -> None:
        database = Database(url)
        road = Road(database, TestClock())
        for batch in batches(Told(), school):
            await road.post(batch)
        await database.close()

    start.wait()
    asyncio.run(write())


def test_two_processes_that_write_at_once_both_write(sqlite_url: str) -> None:
    apart = multiprocessing.get_context("spawn")
    start = apart.Barrier(2)
    processes = [apart.Process(target=write_alone, args=(sqlite_url, school, start)) for school in ("one", "two")]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]

    async def count() -> int:
        database = Database(sqlite_url)
        found = await count_of_events(Road(database, TestClock()))
        await database.close()
        return found

    assert asyncio.run(count()) == 2 * BATCHES


async def test_who_reads_during_a_long_write_waits_for_nobody_and_sees_what_was_before(
    both: tuple[Road, Road],
) -> None:
    one, other = both
    told = Told()
    async with one.database.planning() as tx:
        await tx.schools.lock([OrganisationId("school")])
        async with asyncio.timeout(LONGEST_S):
            for road in both:
                async with road.database.reading() as connection:
                    assert (await connection.execute(select(organisations.c.organisation_id))).fetchall() == []
    assert await count_of_events(other) == 0
    await one.post([told.school("organisation.registered", name="Школа")])
    assert await count_of_events(other) == 1


async def test_a_write_during_a_long_read_waits_for_nobody(both: tuple[Road, Road]) -> None:
    one, other = both
    told = Told()
    async with one.database.reading() as connection:
        await connection.execute(select(inbox.c.no))
        async with asyncio.timeout(LONGEST_S):
            await other.post([told.school("organisation.registered", name="Школа")])
        assert (await connection.execute(select(inbox.c.no))).fetchall() == []  # one answer, one moment
    assert await count_of_events(one) == 1


async def test_a_transaction_that_reads_first_may_write_though_another_wants_to(both: tuple[Road, Road]) -> None:
    """It has said from its first moment that it will write: the other waits for its turn."""
    one, other = both
    told = Told()
    async with one.database.planning() as tx:
        await tx.people.ties([PersonId("anna")])
        waiting = asyncio.create_task(other.post([told.school("organisation.registered", name="Школа")]))
        assert not (await asyncio.wait([waiting], timeout=0.5))[0]  # it comes as far as it can
        await tx.schools.lock([OrganisationId("school")])
    assert [taken.outcome for taken in await waiting] == ["applied"]


async def test_a_deferred_transaction_would_fail_there(both: tuple[Road, Road]) -> None:
    """What the rule is for: the reader's connections begin deferred, and such a one is too late to write."""
    one, other = both
    told = Told()
    async with one.database._reader.connect() as connection:
        await connection.execute(select(inbox.c.no))
        await other.post([told.school("organisation.registered", name="Школа")])
        with pytest.raises(OperationalError, match="database is locked"):
            await connection.execute(text("DELETE FROM inbox"))


async def test_a_writer_who_waits_too_long_is_told_so(
    both: tuple[Road, Road], monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 1)
    told, impatient = Told(), Database(sqlite_url)
    async with both[0].database.planning() as tx:
        await tx.schools.lock([OrganisationId("school")])
        with pytest.raises(StoreUnavailable):
            await Road(impatient, TestClock()).post([told.school("organisation.registered", name="Школа")])
    await impatient.close()
    assert await count_of_events(both[0]) == 0


async def test_readers_and_writers_at_once_end_as_the_rules_say(both: tuple[Road, Road]) -> None:
    told = Told()
    one, other = both
    one.knows("1", "2")
    told.school("organisation.registered", name="Школа")
    for account, person in (("1", "anna"), ("2", "boris")):
        told.school("employee.hired", employee_id=person, position_type="administration")
        told.account("linked", person, account)
    await asyncio.gather(
        *(road.post([event]) for road, event in zip((one, other, one, other, one), told.events, strict=True)),
        *(count_of_events(road) for road in both),
        *(road.plan() for road in both),
    )
    await asyncio.gather(one.settle(), other.settle())
    await one.converge()
    assert await shown(one) == told.members("school", one.clock.at.date())
