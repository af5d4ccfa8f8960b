"""What tests of the way in from Kafka stand on: their own topics, what they send, and what the database has of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy import select

from adapters.database.schema import dead_letters, inbox, offsets
from adapters.database.store import Database
from adapters.kafka.topics import make_topics
from rollcall.app import App, open_app
from rollcall.kafka import kafka_connection, topics_of
from rollcall.settings import Settings
from rollcall.streaming import keep_streaming
from sync.errors import StoreUnavailable
from tests.servers.kafka import Kafka

PATIENCE_S = 60.0


@dataclass
class Ground:
    """`sent` numbers the events: each is a second later than the one before."""

    settings: Settings
    kafka: Kafka
    database: Database
    producer: AIOKafkaProducer
    sent: int = 0

    @property
    def roster(self) -> str:
        return self.settings.kafka_topic_roster

    @property
    def accounts(self) -> str:
        return self.settings.kafka_topic_accounts

    def event(self, kind: str, **data: Any) -> bytes:
        self.sent += 1
        head = {"specversion": "1.0", "id": f"{self.sent:06}", "source": "sis", "type": f"{kind}.v1"}
        at = f"2025-11-01T{self.sent // 3600:02}:{self.sent // 60 % 60:02}:{self.sent % 60:02}Z"
        return json.dumps({**head, "time": at, "data": data}).encode()

    def hired(self, person: str, school: str = "s1") -> bytes:
        return self.event(
            "school.employee.hired", organisation_id=school, employee_id=person, position_type="teaching_staff"
        )

    async def send(self, *values: bytes | None, topic: str | None = None, partition: int = 0) -> int:
        """Puts records on a topic (the roster's unless named), and gives the offset of the last."""
        sending = [await self.producer.send(topic or self.roster, value, b"key", partition) for value in values]
        offsets: list[int] = [(await one).offset for one in sending]
        return offsets[-1]

    @asynccontextmanager
    async def processing(self, **settings: Any) -> AsyncIterator[App]:
        """What `rollcall process` does with topics, in this process, as long as the block lasts."""
        async with open_app(self.settings.model_copy(update=settings)) as app:
            task = asyncio.create_task(keep_streaming(app))
            try:
                yield app
            finally:
                app.stopping.set()
                await task

    async def next_offset(self, partition: int = 0, topic: str | None = None) -> int | None:
        async with self.database.reading() as connection:
            here = (offsets.c.topic == (topic or self.roster), offsets.c.partition == partition)
            found: int | None = (await connection.execute(select(offsets.c.next).where(*here))).scalar()
            return found

    async def handled(self, until: int, partition: int = 0, topic: str | None = None) -> None:
        """Waits until the database has everything below an offset."""

        async def done() -> bool:
            return (await self.next_offset(partition, topic) or 0) >= until

        await eventually(done)

    async def numbers(self) -> list[int]:
        """Which of the events sent the inbox has, in the order in which it got them."""
        return [int(row.id) for row in await self.rows(select(inbox.c.id).order_by(inbox.c.no))]

    async def dead(self) -> list[tuple[int, str]]:
        """The dead letters, by offset: why each is one."""
        letters = select(dead_letters.c.offset, dead_letters.c.reason).order_by(dead_letters.c.offset)
        return [(row.offset, row.reason) for row in await self.rows(letters)]

    async def rows(self, statement: Any) -> list[Any]:
        async with self.database.reading() as connection:
            return list(await connection.execute(statement))


async def eventually(done: Callable[[], Awaitable[bool]], within_s: float = PATIENCE_S) -> None:
    """Waits until it is so; a database that is away will tell later."""
    async with asyncio.timeout(within_s):
        while True:
            with contextlib.suppress(StoreUnavailable):
                if await done():
                    return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def grounds(kafka: Kafka, database_url: str, name: str, **settings: Any) -> AsyncIterator[Ground]:
    names = ("roster", "accounts", "changes", "dead_letters")
    given: dict[str, Any] = {
        "database_url": database_url,
        "kafka_bootstrap_servers": kafka.bootstrap_servers,
        "kafka_group": name,
        "kafka_partitions": 2,
        "kafka_session_s": 2.0,
        **{f"kafka_topic_{topic}": f"{name}.{topic}" for topic in names},
    }
    chosen = Settings(**(given | settings))
    await make_topics(kafka_connection(chosen), topics_of(chosen))
    database = Database(database_url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("events.leaving.os._exit", _left)
        async with AIOKafkaProducer(**kafka_connection(chosen), linger_ms=0, max_request_size=2_000_000) as producer:
            yield Ground(chosen, kafka, database, producer)
    await database.close()


def _left(code: int) -> NoReturn:
    """Where a processor would leave its process, it is the tests' own."""
    raise AssertionError(f"left with {code}")
