"""Topics of a broker as tests make and read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import NewPartitions, NewTopic

from adapters.kafka.topics import admin_client


async def make_topics(bootstrap_servers: str, names: Iterable[str], partitions: int = 3) -> None:
    async with admin_client({"bootstrap_servers": bootstrap_servers}) as admin:
        await admin.create_topics([NewTopic(name, partitions, 1) for name in names])


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
