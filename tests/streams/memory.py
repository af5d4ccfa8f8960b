"""A topic in memory, and a stream that takes it in: what a test delivers of it, and nothing by itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from adapters.database.schema import dead_letters, inbox, offsets
from adapters.database.store import Database
from events.offsets import Found, Part, Record, runs
from events.stream import Stream
from sync.ports.store import StreamStore
from sync.streams import Partition
from sync.use_cases.ingest_events import Ingested
from sync.use_cases.plan_scopes import PlanningRules
from tests.road import START


@dataclass
class MemoryTopic:
    """The partitions of one topic, each a list of records; a hole between them is real."""

    name: str = "roster"
    partitions: dict[Partition, list[Record]] = field(default_factory=dict)

    def add(self, number: int, *values: bytes | None, hole: int = 0) -> Partition:
        """Puts records behind the last, after so many offsets without any."""
        partition = Partition(self.name, number)
        there = self.partitions.setdefault(partition, [])
        for value in values:
            there.append(Record(self.end(partition) + hole, START, b"key", value))
            hole = 0
        return partition

    def end(self, partition: Partition) -> int:
        there = self.partitions[partition]
        return there[-1].offset + 1 if there else 0

    def delivered(self, number: int, offsets_: Iterable[int]) -> list[Part]:
        """The parts that somebody makes of the records with these offsets, in this order."""
        partition = Partition(self.name, number)
        by_offset = {record.offset: record for record in self.partitions[partition]}
        return runs(partition, [by_offset[offset] for offset in offsets_ if offset in by_offset])

    def found(self, committed: int | None = 0) -> dict[Partition, Found]:
        return {partition: Found(committed, 0, self.end(partition)) for partition in self.partitions}

    async def read(self, partition: Partition, start: int) -> Part | Found:
        end = self.end(partition)
        if start > end:
            return Found(start, 0, end)
        chosen = [record for record in self.partitions[partition] if record.offset >= start][:3]
        return Part(partition, start, chosen[-1].offset + 1 if chosen else end, chosen)


def stream_of(store: StreamStore, topic: MemoryTopic, noticed: list[Ingested] | None = None) -> Stream:
    heard: list[Ingested] = [] if noticed is None else noticed
    return Stream(store, PlanningRules(), lambda: START, heard.append, topic)


def hired(person: str, school: str = "s1") -> bytes:
    head = {"specversion": "1.0", "id": person, "source": "sis", "type": "school.employee.hired.v1"}
    data = {"organisation_id": school, "employee_id": person, "position_type": "teaching_staff"}
    return json.dumps({**head, "time": "2025-11-01T10:00:00Z", "data": data}).encode()


async def taken_in(database: Database, topic: MemoryTopic) -> list[tuple[int, int, str]]:
    """The events the database has of a topic, in the order it took them: partition, offset, id."""
    chosen = select(inbox.c.partition, inbox.c.offset, inbox.c.id).where(inbox.c.topic == topic.name)
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(chosen.order_by(inbox.c.no))]


async def refused(database: Database, topic: MemoryTopic) -> list[tuple[int, int, str]]:
    """The dead letters of a topic: partition, offset, reason."""
    table = dead_letters.c
    chosen = select(table.partition, table.offset, table.reason).where(table.topic == topic.name)
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(chosen.order_by(table.partition, table.offset))]


async def next_offsets(database: Database, topic: MemoryTopic) -> dict[int, int]:
    chosen = select(offsets.c.partition, offsets.c.next).where(offsets.c.topic == topic.name)
    async with database.reading() as connection:
        return {row.partition: row.next for row in await connection.execute(chosen)}
