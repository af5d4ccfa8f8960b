"""Events a second from a topic into the database, beside their bare rows; and the host alone beside aiokafka."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from typing import Any, cast
from zlib import crc32

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from adapters.database.store import Database
from adapters.kafka.topics import Topic, make_topics
from bench.events_in import last_written, write
from bench.ground import Ground
from bench.measure import Pairs, timed
from bench.schools import RULES, Movers, load, settled, some_schools
from events.host import Host, HostOptions
from events.offsets import Found, Part
from events.stream import Stream
from events.topics import KafkaTopics
from rollcall.clock import SystemClock
from sync.streams import Partition, Position
from tests.servers.kafka import Kafka

SCHOOLS = 8  # so many that hardly anybody moves twice in a round
EVENTS, BATCHES, IDLE_EVENTS = 500, 8, 60_000  # what nobody takes is over too soon to be measured
ROUNDS = 5
PARTITIONS = 4


@dataclass
class Watched:
    """Takes what is delivered, by another or not at all, and tells how long it took from the first record on."""

    expected: int
    stream: Stream | None = None
    began: float = 0.0
    taken: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    seconds: float = 0.0

    async def begin(self, found: Mapping[Partition, Found]) -> Mapping[Partition, int]:
        return await self.stream.begin(found) if self.stream else {key: of.earliest for key, of in found.items()}

    async def positions(self, partitions: Sequence[Partition]) -> Mapping[Partition, Position]:
        return await self.stream.positions(partitions) if self.stream else {}

    async def catch_up(self, partition: Partition, until: int) -> None:
        """Nothing gets lost here, and nothing is to be read twice."""

    async def take(self, parts: Sequence[Part]) -> None:
        self.began = self.began or time.perf_counter()
        if self.stream is not None:
            await self.stream.take(parts)
        self.taken += sum(len(part.records) for part in parts)
        if self.taken >= self.expected:
            self.seconds = time.perf_counter() - self.began
            self.done.set()


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    kafka = Kafka().start()
    try:
        with chdir(ground.folder):  # Faust makes folders where it runs
            measured = await _measured(ground, {"bootstrap_servers": [kafka.bootstrap_servers], "ssl_context": None})
        for pairs in measured:
            yield pairs
    finally:
        kafka.stop()


async def _measured(ground: Ground, connection: Mapping[str, Any]) -> list[Pairs]:
    ours = Pairs(f"events from a topic into postgresql, {EVENTS} a batch, beside their bare rows", "events/s")
    bare = Pairs("events from a topic to nobody, by the host beside aiokafka", "events/s")
    movers, url = Movers(some_schools(SCHOOLS)), ground.empty("postgresql")
    await load(url, movers.schools)
    database, bare_rows = Database(ground.copy(url)), Database(ground.copy(url))
    await settled(database)
    for number in range(ROUNDS):
        topic, idle_topic = f"bench-{number}", f"bench-idle-{number}"
        events = movers.transfers(EVENTS * BATCHES)
        await _sent(connection, topic, events)
        await _sent(connection, idle_topic, events * (IDLE_EVENTS // len(events)))
        topics = KafkaTopics(connection)
        stream = Stream(database, RULES, SystemClock().now, lambda _: None, topics)
        taken = EVENTS * BATCHES / await _hosted(connection, topic, Watched(EVENTS * BATCHES, stream), topics)
        batches = [await last_written(database, EVENTS, but=EVENTS * behind) for behind in reversed(range(BATCHES))]
        with timed() as writing:
            for written in batches:
                await write(bare_rows, written)
        idle = IDLE_EVENTS / await _hosted(connection, idle_topic, Watched(IDLE_EVENTS), topics)
        ours.add(taken, EVENTS * BATCHES / writing.seconds)
        bare.add(idle, IDLE_EVENTS / await _polled(connection, idle_topic))
        await topics.close()
        await settled(database)
        await settled(bare_rows)
    await database.close()
    await bare_rows.close()
    return [ours, bare]


async def _sent(connection: Mapping[str, Any], topic: str, events: Sequence[bytes]) -> None:
    """A school's events are all on one partition, as everywhere."""
    await make_topics(connection, [Topic(topic, PARTITIONS, 1)])
    async with AIOKafkaProducer(**connection) as producer:
        for event in events:
            school = json.loads(event)["data"]["organisation_id"]
            await producer.send(topic, event, partition=crc32(school.encode()) % PARTITIONS)


async def _hosted(connection: Mapping[str, Any], topic: str, watched: Watched, topics: KafkaTopics) -> float:
    stopping = asyncio.Event()
    host = Host(HostOptions(connection, topic, [topic]), cast(Stream, watched), topics)
    running = asyncio.create_task(host.run(stopping))
    await watched.done.wait()
    stopping.set()
    await running
    return watched.seconds


async def _polled(connection: Mapping[str, Any], topic: str) -> float:
    consumer = AIOKafkaConsumer(topic, **connection, auto_offset_reset="earliest")
    await consumer.start()
    began, taken = time.perf_counter(), 0
    while taken < IDLE_EVENTS:
        records = await consumer.getmany(timeout_ms=1000, max_records=500)
        taken += sum(map(len, records.values()))
    seconds = time.perf_counter() - began
    await consumer.stop()
    return seconds
