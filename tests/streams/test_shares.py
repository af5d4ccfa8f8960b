"""A share of the partitions ends with a rebalance, while a batch of it takes long, too; and with nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from aiokafka import AIOKafkaConsumer, TopicPartition

from events.host import Host, HostOptions
from events.offsets import Found, Part
from events.stream import Stream
from events.topics import AT_ONCE, KafkaTopics
from rollcall.kafka import kafka_connection
from sync.streams import Partition
from sync.use_cases.plan_scopes import PlanningRules
from tests.road import START
from tests.streams.ground import Ground, eventually


@dataclass(frozen=True)
class Held(Stream):
    """A stream whose batches wait until they may go on. `did`: what was asked of it, in order."""

    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    taking: asyncio.Event = field(default_factory=asyncio.Event)
    begun: set[Partition] = field(default_factory=set)
    did: list[str] = field(default_factory=list)

    async def begin(self, found: Mapping[Partition, Found]) -> dict[Partition, int]:
        self.did.append("begin")
        self.begun.clear()
        self.begun.update(found)
        return await super().begin(found)

    async def take(self, parts: Sequence[Part]) -> None:
        self.did.append("take")
        self.taking.set()
        await self.may_go_on.wait()
        await super().take(parts)


def held(ground: Ground) -> Held:
    topics = KafkaTopics(kafka_connection(ground.settings))
    return Held(ground.database, PlanningRules(), lambda: START, lambda _: None, topics)


@asynccontextmanager
async def hosted(ground: Ground, stream: Held) -> AsyncIterator[None]:
    """One process of the group, as long as the block lasts."""
    connection = kafka_connection(ground.settings)
    topics, stopping = KafkaTopics(connection), asyncio.Event()
    host = Host(HostOptions(connection, ground.settings.kafka_group, [ground.roster], 2.0), stream, topics)
    running = asyncio.create_task(host.run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await running
        await topics.close()
        await cast(KafkaTopics, stream.topics).close()


async def test_nothing_of_a_share_is_handed_on_after_a_rebalance(ground: Ground) -> None:
    end = await ground.send(*(None for _ in range(3 * AT_ONCE))) + 1
    ours, theirs = held(ground), held(ground)
    theirs.may_go_on.set()
    async with hosted(ground, ours):
        await ours.taking.wait()
        async with hosted(ground, theirs):
            await eventually(lambda: done(len(theirs.begun) == 1))
            ours.may_go_on.set()
            await ground.handled(end)
            await eventually(lambda: done(ours.did.count("begin") == 2))
    assert ours.did[:3] == ["begin", "take", "begin"]


async def test_a_batch_that_takes_long_keeps_its_share(ground: Ground) -> None:
    end = await ground.send(None) + 1
    ours = held(ground)
    async with hosted(ground, ours):
        await ours.taking.wait()
        await asyncio.sleep(3.0)  # longer than the session: the heartbeat is what is tested
        ours.may_go_on.set()
        await ground.handled(end)
    assert ours.did == ["begin", "take"]


async def test_kafka_is_told_what_was_taken(ground: Ground) -> None:
    ours = held(ground)
    ours.may_go_on.set()
    async with hosted(ground, ours):
        end = await ground.send(None, None, None) + 1
        await ground.handled(end)
        await eventually(lambda: told(ground, end))


async def told(ground: Ground, offset: int) -> bool:
    connection = kafka_connection(ground.settings)
    consumer = AIOKafkaConsumer(**connection, group_id=ground.settings.kafka_group, enable_auto_commit=False)
    await consumer.start()
    try:
        found: int | None = await consumer.committed(TopicPartition(ground.roster, 0))
    finally:
        await consumer.stop()
    return found == offset


async def done(so: bool) -> bool:
    return so
