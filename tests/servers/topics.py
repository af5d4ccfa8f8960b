"""Topics of a broker as tests make and read them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from adapters.kafka.topics import admin_client

PATIENCE_S = 30.0


async def make_topics(bootstrap_servers: str, names: Iterable[str], partitions: int = 3) -> None:
    """And waits until the broker tells of them: it answers that they are made somewhat earlier."""
    topics = list(names)
    async with admin_client({"bootstrap_servers": bootstrap_servers}) as admin, asyncio.timeout(PATIENCE_S):
        await admin.create_topics([NewTopic(name, partitions, 1) for name in topics])
        while not all(map(_led, await admin.describe_topics(topics))):  # noqa: ASYNC110 - a broker tells no event
            await asyncio.sleep(0.05)


def _led(described: dict[str, Any]) -> bool:
    leaders = [partition["leader"] for partition in described["partitions"]]
    return described["error_code"] == 0 and bool(leaders) and min(leaders) >= 0


async def add_partitions(bootstrap_servers: str, topic: str, total: int) -> None:
    async with admin_client({"bootstrap_servers": bootstrap_servers}) as admin:
        await admin.create_partitions({topic: NewPartitions(total)})


async def delete_topic(bootstrap_servers: str, topic: str) -> None:
    async with admin_client({"bootstrap_servers": bootstrap_servers}) as admin:
        await admin.delete_topics([topic])


async def partitions_of(bootstrap_servers: str, topic: str) -> list[int]:
    async with admin_client({"bootstrap_servers": bootstrap_servers}) as admin:
        [described] = await admin.describe_topics([topic])
        return sorted(each["partition"] for each in described["partitions"])


async def records_of(bootstrap_servers: str, topic: str) -> list[Any]:
    """All that a topic has now, each partition's records in their order."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    await consumer.start()
    try:
        parts = [TopicPartition(topic, number) for number in await partitions_of(bootstrap_servers, topic)]
        consumer.assign(parts)
        await consumer.seek_to_beginning(*parts)
        ends = await consumer.end_offsets(parts)
        records: list[Any] = []
        while any([await consumer.position(part) < ends[part] for part in parts]):
            for some in (await consumer.getmany(timeout_ms=1000)).values():
                records += some
        return records
    finally:
        await consumer.stop()


async def config_of(bootstrap_servers: str, topic: str) -> dict[str, str]:
    """What a topic was made with, or has of its broker."""
    async with admin_client({"bootstrap_servers": bootstrap_servers}) as admin:
        asked = [ConfigResource(ConfigResourceType.TOPIC, topic)]
        [answer] = await admin.describe_configs(asked)
        [(_, _, _, _, entries)] = answer.resources
        return {entry[0]: entry[1] for entry in entries}


async def set_config(bootstrap_servers: str, topic: str, config: dict[str, str]) -> None:
    """As if the topic had been made so."""
    async with admin_client({"bootstrap_servers": bootstrap_servers}) as admin:
        [answer] = await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, config)])
        assert [(code, why) for code, why, *_ in answer.resources] == [(0, None)]
    await asyncio.sleep(1)  # its log hears of it a little later
