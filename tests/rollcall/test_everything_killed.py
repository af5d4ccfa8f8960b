"""Processors, dispatchers, the web, the broker and the database are killed at any moment, several at a time, while a
region goes on living: in the end the platform shows what is desired, each chat was made once, and each event is there.

`make chaos KILLS=500` does it for longer.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import func, select

from adapters.database.migrate import upgrade
from adapters.database.schema import dead_letters, inbox
from adapters.database.store import Database
from adapters.simulator.entities import User
from adapters.simulator.server import simulator
from tests.interleavings.told import Event, Told
from tests.rollcall.processes import Running, Town, left, town
from tests.rollcall.test_processes import BATCH
from tests.servers.kafka import Kafka
from tests.servers.postgresql import PostgreSQL
from tests.streams.test_kills import KILLS, SEED

ROLES = Counter(process=2, dispatch=2, web=1)
SCHOOLS, CLASSES, PUPILS = 4, ("a", "b"), 6
WAYS = {"process": 7, "dispatch": 7, "web": 3, "broker": 2, "database": 2}
SETTLED_S = 180
SETTINGS = {"MAX_REQUESTS_PER_SECOND": "0", "GUARDS": "off", "KAFKA_SESSION_S": "3"}


@dataclass
class Region:
    """A town whose servers are its own, so that they can be killed."""

    town: Town
    kafka: Kafka
    postgresql: PostgreSQL
    chance: random.Random
    told: Told = field(default_factory=Told)
    killed: Counter[str] = field(default_factory=Counter)

    # what happens in its schools

    def begin(self) -> list[Event]:
        for school in self.schools():
            self.told.school("organisation.registered", school, name="Школа")
            for name in CLASSES:
                opened = {"class_id": f"{school}-{name}", "name": name, "school_year": "2026/2027"}
                self.told.school("class.opened", school, **opened, homeroom_teacher_id=f"{school}-t{name}")
                teacher = {"employee_id": f"{school}-t{name}", "position_type": "teaching_staff"}
                self.told.school("employee.hired", school, **teacher)
        for person, account in self.accounts().items():
            self.told.account("linked", person, account)
        return self.told.events

    def schools(self) -> list[str]:
        return [f"s{number}" for number in range(SCHOOLS)]

    def accounts(self) -> dict[str, str]:
        people = [
            f"{school}-{who}"
            for school in self.schools()
            for who in (*(f"t{name}" for name in CLASSES), *map(str, range(PUPILS)))
        ]
        return {person: str(number) for number, person in enumerate(people, 1000)}

    def life(self) -> Event:
        school = self.chance.choice(self.schools())
        pupil = f"{school}-{self.chance.randrange(PUPILS)}"
        class_id = f"{school}-{self.chance.choice(CLASSES)}"
        match self.chance.randrange(8):
            case 0:
                return self.told.school("student.expelled", school, student_id=pupil)
            case 1:
                return self.told.account("unlinked", pupil)
            case 2 | 3:
                return self.told.account("linked", pupil, self.accounts()[pupil])
            case 4:
                return self.told.school("class.homeroom_teacher_assigned", school, class_id=class_id, employee_id=None)
            case 5:
                teacher = f"{school}-t{self.chance.choice(CLASSES)}"
                return self.told.school(
                    "class.homeroom_teacher_assigned", school, class_id=class_id, employee_id=teacher
                )
            case _:
                return self.told.school("student.enrolled", school, student_id=pupil, class_id=class_id)

    async def post(self, events: list[Event]) -> None:
        """Posts until somebody has taken them: the web may be dead, and so may the broker behind it."""
        while True:
            try:
                url, body = f"{self.town.url}/v1/events", json.dumps(events)
                async with self.town.session.post(url, data=body, headers=BATCH) as response:
                    if response.status == 202:
                        return
                    assert response.status == 503, await response.text()
            except (aiohttp.ClientError, OSError):
                pass
            await asyncio.sleep(0.2)

    # what happens to its processes

    def alive(self, role: str) -> list[Running]:
        return [each for each in self.town.running if each.role == role and each.alive]

    async def complete(self) -> None:
        """Starts whatever is missing, as those who run a region have it done for them."""
        missing = [role for role, wanted in ROLES.items() for _ in range(wanted - len(self.alive(role)))]
        await self.town.start(*missing)

    async def kill(self, what: str) -> None:
        self.killed[what] += 1
        match what:
            case "broker":
                await asyncio.to_thread(self.kafka.kill)
                await asyncio.sleep(self.chance.random())
                await asyncio.to_thread(self.kafka.start)
            case "database":
                await asyncio.to_thread(self.postgresql.kill)
                await asyncio.sleep(self.chance.random())
                await asyncio.to_thread(self.postgresql.start)
            case role:
                for victim in self.alive(role)[:1]:  # none where it has left because a server is away
                    victim.kill()
                    await victim.process.wait()

    async def live_dangerously(self, kills: int) -> None:
        while self.killed.total() < kills:
            await self.complete()
            async with asyncio.TaskGroup() as meanwhile:
                meanwhile.create_task(self.post([self.life() for _ in range(10)]))
                await asyncio.sleep(self.chance.random() * 1.5)  # the moment to kill at
                victims = self.chance.choices(list(WAYS), list(WAYS.values()), k=2)
                await asyncio.gather(*(self.kill(what) for what in set(victims)))
                await self.complete()

    async def at_rest(self) -> None:
        """Waits until nothing is on its way, with nobody killed any more."""
        until = time.monotonic() + SETTLED_S
        while (told := await self._told())["lag_records"] is None or left(told):
            said = [f"{each.log.name}: {each.said()[-2000:]}" for each in self.town.running if each.alive]
            assert time.monotonic() < until, "\n".join((json.dumps(told), *said))
            await self.complete()
            await asyncio.sleep(0.2)

    async def _told(self) -> dict[str, Any]:
        async with self.town.session.get(f"{self.town.url}/v1/status") as response:
            told: dict[str, Any] = await response.json()
        return {"lag_records": None} | told


async def test_whatever_is_killed_the_platform_ends_as_desired(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    kafka, postgresql = Kafka().start(), PostgreSQL().start()
    try:
        await upgrade(url := postgresql.make_database("region"))
        async with (
            simulator(requests_per_second=0) as platform,
            town(tmp_path, kafka, url, platform, **SETTINGS) as lived,
        ):
            region = Region(lived, kafka, postgresql, random.Random(SEED))
            platform.world.put_users(User(int(account)) for account in region.accounts().values())
            await region.complete()
            await region.post(region.begin())
            await region.live_dangerously(KILLS // 3)
            await region.at_rest()
            await check(region, url)
    finally:
        kafka.stop()
        postgresql.stop()
    survived = ", ".join(f"{count} of {what}" for what, count in sorted(region.killed.items()))
    told = f"{region.killed.total()} kills ({survived}; seed {SEED}), {len(region.told.events)} events"
    record_property("chaos", f"{told}: everybody where they belong, each chat made once")


async def check(region: Region, url: str) -> None:
    """Every event once, no dead letter, every chat made once, and everybody where they belong."""
    database = Database(url)
    async with database.reading() as connection:
        stored = (await connection.execute(select(func.count()).select_from(inbox))).scalar_one()
        dead = (await connection.execute(select(func.count()).select_from(dead_letters))).scalar_one()
    await database.close()
    assert (stored, dead) == (len(region.told.events), 0)
    desired: dict[str, Any] = {}
    for school in region.schools():
        desired |= region.told.members(school, date(2026, 11, 2))
    assert await region.town.shown() == desired  # which sees to it that no chat stands beside these
