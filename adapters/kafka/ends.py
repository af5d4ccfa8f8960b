"""How far topics go."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, NoError, UnknownTopicOrPartitionError, for_code

from adapters.kafka.topics import admin_client
from sync.errors import TopicsUnavailable
from sync.streams import Partition


class Clients(NamedTuple):
    admin: AIOKafkaAdminClient
    consumer: AIOKafkaConsumer


class Ends:
    """Asks a broker how far topics go, on connections that are made when first needed and kept while they work.

    Reads no record and belongs to no group. `connection` are options of an aiokafka client.
    """

    def __init__(self, connection: Mapping[str, Any], topics: Sequence[str], *, within_s: float = 2.0) -> None:
        self._connection = connection
        self._topics = topics
        self._within_s = within_s
        self._one_at_a_time = asyncio.Lock()
        self._clients: Clients | None = None
        self._seen: set[str] = set()
        self._open = AsyncExitStack()

    async def __call__(self) -> dict[Partition, range]:
        """The offsets of each partition as of now, from the first there is up to the end. Of no topic: nothing.

        Raises TopicsUnavailable where the broker does not answer in time, or not of a topic that it had before: one
        that has just started may not know it yet (retriable).
        """
        try:
            async with asyncio.timeout(self._within_s), self._one_at_a_time:
                return await self._asked()
        except (KafkaError, OSError, TimeoutError) as error:
            raise TopicsUnavailable(f"Kafka does not answer ({type(error).__name__})") from error

    async def close(self) -> None:
        self._clients, closing, self._open = None, self._open, AsyncExitStack()
        await closing.aclose()

    async def _connect(self) -> Clients:
        admin = await self._open.enter_async_context(admin_client(self._connection))
        consumer = AIOKafkaConsumer(**self._connection)
        self._open.push_async_callback(consumer.stop)
        await consumer.start()
        self._clients = Clients(admin, consumer)
        return self._clients

    async def _asked(self) -> dict[Partition, range]:
        try:
            return await self._ends(self._clients or await self._connect())
        except BaseException:  # whatever it was, the next question is asked on connections made anew
            await self.close()
            raise

    async def _ends(self, clients: Clients) -> dict[Partition, range]:
        described = await clients.admin.describe_topics(list(self._topics))
        for topic in described:
            self._look_at(topic["topic"], for_code(topic["error_code"]))
        parts = [TopicPartition(each["topic"], part["partition"]) for each in described for part in each["partitions"]]
        if not parts:
            return {}
        firsts = await clients.consumer.beginning_offsets(parts)
        ends = await clients.consumer.end_offsets(parts)
        return {Partition(*part): range(firsts[part], ends[part]) for part in parts}

    def _look_at(self, topic: str, error: type[KafkaError]) -> None:
        if error is NoError:
            self._seen.add(topic)
        elif error is not UnknownTopicOrPartitionError or topic in self._seen:
            raise error(topic)
