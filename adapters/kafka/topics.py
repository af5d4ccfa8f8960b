"""Making topics that are missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

LED_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is made. `config`: the broker's own words, such as `retention.ms`."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str] = field(default_factory=dict)


async def make_topics(connection: Mapping[str, Any], topics: Iterable[Topic]) -> list[str]:
    """Makes those that are missing, and gives their names; those that exist stay as they are.

    Raises KafkaError (retriable, unless we may not make topics, or not so many replicas).
    """
    async with admin_client(connection) as admin:
        known = set(await admin.list_topics())
        missing = [topic for topic in topics if topic.name not in known]
        made = await admin.create_topics([_new(topic) for topic in missing]) if missing else None
    for name, code, why in made.topic_errors if made is not None else ():
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:  # another process was faster
            raise error(f"{name}: {why}")
    if missing:
        await _led(connection, missing)
    return [topic.name for topic in missing]


async def _led(connection: Mapping[str, Any], topics: Iterable[Topic]) -> None:
    """Waits until topics that were just made have their leaders: records sent before are refused and sent again."""
    consumer = AIOKafkaConsumer(**connection)
    parts = [TopicPartition(topic.name, number) for topic in topics for number in range(topic.partitions)]
    try:
        async with asyncio.timeout(LED_WITHIN_S):
            await consumer.start()
            await consumer.end_offsets(parts)
    except (KafkaError, TimeoutError):
        return  # who writes or reads waits, too
    finally:
        await consumer.stop()


@asynccontextmanager
async def admin_client(connection: Mapping[str, Any]) -> AsyncIterator[AIOKafkaAdminClient]:
    """Closed at the end, and when it cannot start."""
    admin = AIOKafkaAdminClient(**connection)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


def _new(topic: Topic) -> NewTopic:
    return NewTopic(topic.name, topic.partitions, topic.replication, topic_configs=dict(topic.config))
