"""Reading topics directly, without a consumer group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from events.offsets import Found, Part, Record, runs
from sync.streams import Partition

AT_ONCE = 500  # records
WAIT_MS = 2_000

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_MS = (datetime(2999, 12, 31, tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)

log = structlog.get_logger()


def delivered(partition: Partition, records: Iterable[ConsumerRecord]) -> list[Part]:
    """Records in the order of their offsets, as aiokafka returns them, as parts without gaps."""
    return runs(partition, map(_record, records))


def _record(given: ConsumerRecord) -> Record:
    """A record. Kafka's timestamp is in milliseconds since 1970, by any clock, and negative if there is none."""
    at_ms = given.timestamp
    at = datetime.now(UTC) if at_ms is None or at_ms < 0 else EPOCH + timedelta(milliseconds=min(at_ms, LATEST_MS))
    return Record(given.offset, at, given.key, given.value, tuple(given.headers))


class KafkaTopics:
    """`connection`: the options of an aiokafka client that tell where Kafka is. Connects when first asked."""

    def __init__(self, connection: Mapping[str, Any]) -> None:
        self._connection = connection
        self._connected: AIOKafkaConsumer | None = None
        self._lock = asyncio.Lock()

    async def read(self, partition: Partition, start: int) -> Part | Found:
        """What there is from an offset on, in one piece: empty where nothing is, or Kafka does not answer. Where the
        offset lies outside: what Kafka has.
        """
        at = TopicPartition(*partition)
        try:
            async with self._consumer() as consumer:
                consumer.assign([at])
                consumer.seek(at, start)
                try:
                    found = await consumer.getmany(at, timeout_ms=WAIT_MS, max_records=AT_ONCE)
                except OffsetOutOfRangeError:
                    return await _found(consumer, at, start)
                records = [_record(each) for each in found.get(at, ())]
                return Part(partition, start, await consumer.position(at), records)
        except KafkaError as error:
            log.warning("stream.kafka_away", topic=partition.topic, error=type(error).__name__)
            return Part(partition, start, start, ())

    async def ends(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """The offset behind the last record of each. Raises KafkaError (retriable)."""
        async with self._consumer() as consumer:
            found = await consumer.end_offsets([TopicPartition(*partition) for partition in partitions])
        return {Partition(*at): end for at, end in found.items()}

    async def close(self) -> None:
        if self._connected is not None:
            await self._connected.stop()
            self._connected = None

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        async with self._lock:
            if self._connected is None:
                self._connected = await _connected(self._connection)
            yield self._connected


async def _connected(connection: Mapping[str, Any]) -> AIOKafkaConsumer:
    consumer = AIOKafkaConsumer(
        **connection, enable_auto_commit=False, auto_offset_reset="none", isolation_level="read_committed"
    )
    try:
        await consumer.start()
    except BaseException:
        await consumer.stop()
        raise
    return consumer


async def _found(consumer: AIOKafkaConsumer, at: TopicPartition, start: int) -> Found:
    earliest, ends = await consumer.beginning_offsets([at]), await consumer.end_offsets([at])
    return Found(start, earliest[at], ends[at])
