"""Processors are killed at any moment and at any step, join and leave, under load: nothing is lost, nothing counts
twice, nothing comes out of order, and what is known and wanted in the end is what it would be without.

`make chaos KILLS=500` does it for longer.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from adapters.database.bulk import Bulk
from adapters.database.load.facts import StoredFacts
from adapters.database.schema import inbox, offsets, places, rooms
from adapters.database.store import Database
from events.decode import decode
from events.intake import Intake
from rollcall.app import rules_of
from sync.facts import FACT_TYPES
from sync.ids import EventNo
from sync.use_cases.plan_affected import plan_affected
from tests.road import START
from tests.servers.kafka import Kafka
from tests.servers.postgresql import PostgreSQL
from tests.streams.ground import Ground, eventually, grounds
from tests.streams.processors import Processors, processors

KILLS = int(os.environ.get("ROLLCALL_TEST_KILLS", "60"))
OF_PROCESSORS = KILLS - KILLS // 3  # the others are of everything: tests/rollcall/test_everything_killed.py
SEED = int(os.environ.get("ROLLCALL_TEST_SEED", "1"))

PARTITIONS, SCHOOLS, PROCESSES = 4, 8, 2
A_BURST = 25
STEPS = 40  # a batch has about twenty


class Told:
    """What is sent: the life of eight schools, and one bad record in a hundred. Ids sort as they were sent."""

    def __init__(self, ground: Ground, chance: random.Random) -> None:
        self.ground = ground
        self.chance = chance
        self.events: list[bytes] = []
        self.bad = 0

    async def found(self) -> None:
        for school in range(SCHOOLS):
            of = {"organisation_id": f"s{school}", "name": "Школа"}
            await self._send(self.ground.roster, school, self.ground.event("school.organisation.registered", **of))

    async def burst(self) -> None:
        for _ in range(A_BURST):
            school = self.chance.randrange(SCHOOLS)
            if self.chance.random() < 0.01:
                self.bad += 1
                await self.ground.producer.send(self.ground.roster, b"{", partition=school % PARTITIONS)
            elif self.chance.random() < 0.15:
                await self._send(self.ground.accounts, school, self._link(school))
            else:
                await self._send(self.ground.roster, school, self._life(school))

    async def _send(self, topic: str, school: int, event: bytes) -> None:
        self.events.append(event)
        await self.ground.producer.send(topic, event, partition=school % PARTITIONS)

    def _link(self, school: int) -> bytes:
        person = self.chance.randrange(10)
        who = {"person_id": f"s{school}-{person}", "provider": "max"}
        if self.chance.random() < 0.3:
            return self.ground.event("account.unlinked", **who)
        return self.ground.event("account.linked", **who, external_user_id=str(1 + person + 10 * school))

    def _life(self, school: int) -> bytes:
        of = {"organisation_id": f"s{school}"}
        class_id, person = f"s{school}-{self.chance.choice('abc')}", f"s{school}-{self.chance.randrange(10)}"
        match self.chance.randrange(6):
            case 0:
                year = {"name": class_id[-1], "school_year": "2026/2027"}
                return self.ground.event("school.class.opened", **of, class_id=class_id, **year)
            case 1:
                return self.ground.event("school.student.expelled", **of, student_id=person)
            case 2:
                return self.ground.event(
                    "school.employee.hired", **of, employee_id=person, position_type="teaching_staff"
                )
            case 3:
                return self.ground.event("school.employee.dismissed", **of, employee_id=person)
            case _:
                return self.ground.event("school.student.enrolled", **of, student_id=person, class_id=class_id)


async def test_killed_at_any_moment_nothing_is_lost_and_nothing_counts_twice(
    kafka: Kafka,
    postgresql: PostgreSQL,
    postgresql_url: str,
    record_property: Callable[[str, object], None],
) -> None:
    chance = random.Random(SEED)
    settings = {"kafka_partitions": PARTITIONS, "guards": "off"}
    async with grounds(kafka, postgresql_url, f"kills-{SEED}", **settings) as ground:
        told = Told(ground, chance)
        await told.found()
        async with processors(ground.settings) as group:
            await _live_dangerously(group, told, chance)
            await _at_rest(ground, told, group)
        await _check(ground, told)
        await _check_against_a_quiet_life(ground, told, postgresql)
    survived = f"{OF_PROCESSORS} kills of processors (seed {SEED}), {len(told.events)} events, {told.bad} bad records"
    record_property("chaos", f"{survived}: nothing lost, nothing twice, nothing out of order")


async def _live_dangerously(group: Processors, told: Told, chance: random.Random) -> None:
    """Sends and kills until there were enough kills, half of them at a step of a transaction."""
    killed = 0
    while killed < OF_PROCESSORS:
        while len(group.alive) < PROCESSES:
            await group.start(chance.randrange(STEPS) if chance.random() < 0.5 else None)
        await told.burst()
        await asyncio.sleep(chance.random() * 2)  # the moment to kill at
        if chance.random() < 0.1:
            await group.stop(chance.choice(group.alive))
        else:
            group.kill(chance.choice(group.alive))
        killed += group.lost()
    for pid in group.alive:
        group.kill(pid)
    await told.burst()


async def _at_rest(ground: Ground, told: Told, group: Processors) -> None:
    """Waits until everything was handled by processes that nobody kills."""
    await ground.producer.flush()

    async def everything() -> bool:
        group.lost()
        while len(group.alive) < PROCESSES:
            await group.start()
        [[count]] = await ground.rows(select(func.count()).select_from(inbox))
        return bool(count == len(told.events) and len(await ground.dead()) == told.bad)

    await eventually(everything, within_s=90)


async def _check(ground: Ground, told: Told) -> None:
    """Each event once, those of a partition in their order; each bad record once; offsets at the ends."""
    taken = await ground.rows(
        select(inbox.c.topic, inbox.c.partition, inbox.c.offset, inbox.c.outcome).order_by(inbox.c.no)
    )
    assert all(row.outcome in {"applied", "kept", "stale"} for row in taken)
    for topic in (ground.roster, ground.accounts):
        for partition in range(PARTITIONS):
            placed = [row.offset for row in taken if (row.topic, row.partition) == (topic, partition)]
            assert placed == sorted(set(placed)), (topic, partition)
    stored = await ground.rows(select(func.sum(offsets.c.next)))
    assert int(stored[0][0]) == len(told.events) + told.bad


async def _check_against_a_quiet_life(ground: Ground, told: Told, postgresql: PostgreSQL) -> None:
    name = f"quiet_{SEED}"
    quiet = Database(postgresql.make_database(name, "prepared"))
    rules = rules_of(ground.settings)
    intake = Intake(quiet, rules, lambda: START, lambda _: None)
    for begin in range(0, len(told.events), 200):
        await intake.take([decode(event, (), START) for event in told.events[begin : begin + 200]])
    for database in (quiet, ground.database):
        while await plan_affected(database, rules, START) is not None:
            pass
    assert await _known(ground.database) == await _known(quiet)
    assert await _wanted(ground.database) == await _wanted(quiet)
    await quiet.close()
    postgresql.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def _known(database: Database) -> set[Any]:
    schools = [(f"s{school}",) for school in range(SCHOOLS)]
    async with database.reading() as connection:
        tables = StoredFacts(Bulk(connection))
        assertions = [
            assertion
            for kind in FACT_TYPES
            for assertion in await tables.assertions(kind, ("organisation_id",), schools)
        ]
    assert assertions
    return {replace(assertion, event_no=EventNo(0)) for assertion in assertions}


async def _wanted(database: Database) -> Sequence[Any]:
    of = (places.c.organisation_id, places.c.person_id, rooms.c.chat_id, places.c.account, places.c.wanted)
    joined = select(*of).join(rooms, rooms.c.room_no == places.c.room_no).where(places.c.wanted != "out")
    async with database.reading() as connection:
        found = sorted(tuple(row) for row in await connection.execute(joined))
    assert found
    return found
