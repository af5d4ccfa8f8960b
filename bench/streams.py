"""Events a second from a topic into the database, beside the host giving them to nobody, and that beside aiokafka."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from adapters.database.store import Database
from adapters.kafka.topics import Topic, make_topics
from bench.ground import Ground
from bench.measure import Pairs
from bench.schools import Movers, load, settled, some_schools
from events.host import Host, HostOptions
from events.offsets import Found, Part
from events.stream import Stream
from events.topics import KafkaTopics
from rollcall.clock import SystemClock
from sync.streams import Partition, Position
from sync.use_cases.plan_slices import PlanningRules
from tests.servers.kafka import Kafka

EVENTS, IDLE_EVENTS = 500, 30_000  # what nobody takes is over too soon to be measured
ROUNDS = 3
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
        for pairs in await _measured(ground, {"bootstrap_servers": [kafka.bootstrap_servers], "ssl_context": None}):
            yield pairs
    finally:
        kafka.stop()


async def _measured(ground: Ground, connection: Mapping[str, Any]) -> list[Pairs]:
    ours = Pairs(f"events from a topic into postgresql, {EVENTS} of them", "events/s")
    bare = Pairs("events from a topic to nobody, by the host beside aiokafka", "events/s")
    movers, url = Movers(some_schools(1)), ground.empty("postgresql")
    await load(url, movers.schools)
    database = Database(ground.copy(url))
    await settled(database)
    for number in range(ROUNDS):
        topic, idle_topic, events = f"bench-{number}", f"bench-idle-{number}", movers.transfers(EVENTS)
        await _sent(connection, topic, events)
        await _sent(connection, idle_topic, events * (IDLE_EVENTS // EVENTS))
        topics = KafkaTopics(connection)
        stream = Stream(database, PlanningRules(), SystemClock().now, lambda _: None, topics)
        taken = EVENTS / await _hosted(connection, topic, Watched(EVENTS, stream), topics)
        idle = IDLE_EVENTS / await _hosted(connection, idle_topic, Watched(IDLE_EVENTS), topics)
        ours.add(taken, idle)
        bare.add(idle, IDLE_EVENTS / await _polled(connection, idle_topic))
        await topics.close()
        await settled(database)
    await database.close()
    return [ours, bare]


async def _sent(connection: Mapping[str, Any], topic: str, events: Sequence[bytes]) -> None:
    await make_topics(connection, [Topic(topic, PARTITIONS, 1)])
    async with AIOKafkaProducer(**connection) as producer:
        for number, event in enumerate(events):
            await producer.send(topic, event, partition=number % PARTITIONS)


async def _hosted(connection: Mapping[str, Any], topic: str, watched: Watched, topics: KafkaTopics) -> float:
    stopping = asyncio.Event()
    host = Host(HostOptions(connection, topic, [topic]), watched, topics)
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
