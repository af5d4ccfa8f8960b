"""Writing to topics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from schemas.messages import Message
from sync.errors import RecordTooLarge, TopicsUnavailable

ENDS_WITHIN_S = 2.0
BATCH_BYTES = 128 * 1024
LARGEST_RECORD = 2 * 1024 * 1024  # bytes; a dead letter is what came, up to a broker's usual limit, and more


class Record(NamedTuple):
    topic: str
    message: Message


async def _nothing() -> None: ...


class Producer:
    """Sends records, each once for all in-sync replicas, those with one key in their order.

    Connects when it is first needed, and anew after what cannot be mended. `connection` are options of an aiokafka
    client; `prepare` is run before the first record. An outage of the broker is waited for `within_s`.
    """

    def __init__(
        self, connection: Mapping[str, Any], prepare: Callable[[], Awaitable[None]] = _nothing, *, within_s: float = 8.0
    ) -> None:
        self._connection = connection
        self._prepare = prepare
        self._within_s = within_s
        self._connecting = asyncio.Lock()
        self._producer: AIOKafkaProducer | None = None

    async def send(self, records: Sequence[Record]) -> None:
        """Sends records; once it returns, the topics have them.

        Raises:
            TopicsUnavailable: nobody knows which of them the topics have, or will have when the broker is back
                (retriable; the same records again come twice).
            RecordTooLarge: one of them is longer than the topic or we ourselves let through; of the others the same.
        """
        if not records:
            return
        try:
            async with asyncio.timeout(self._within_s):
                producer = await self._connected()
                await self._send(producer, records)
        except MessageSizeTooLargeError as error:
            raise RecordTooLarge("a record is longer than its topic takes") from error
        except (KafkaError, OSError, TimeoutError) as error:
            raise TopicsUnavailable(f"Kafka does not take records ({type(error).__name__})") from error

    async def close(self) -> None:
        """Ends the connection. What was sent and not confirmed may be lost: whoever sent it was not told otherwise."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop(producer)

    async def _connected(self) -> AIOKafkaProducer:
        async with self._connecting:
            if self._producer is None:
                await self._prepare()
                self._producer = await self._connect()
            return self._producer

    async def _connect(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            **self._connection,
            acks="all",
            enable_idempotence=True,  # a retry after a lost answer neither doubles nor overtakes
            max_batch_size=BATCH_BYTES,
            max_request_size=LARGEST_RECORD,
            retry_backoff_ms=500,
        )
        try:
            await producer.start()
        except BaseException:
            await _stop(producer)
            raise
        return producer

    async def _send(self, producer: AIOKafkaProducer, records: Sequence[Record]) -> None:
        sent: list[asyncio.Future[Any]] = []
        try:
            for topic, (key, value, headers) in records:
                sent.append(await producer.send(topic, value, key, headers=list(headers)))
            await asyncio.gather(*sent)
        except KafkaError as error:
            if not error.retriable:
                await self._leave(producer)
            raise
        finally:
            for confirmed in sent:
                confirmed.cancel()

    async def _leave(self, producer: AIOKafkaProducer) -> None:
        """A producer that failed for good takes nothing more: its numbering has a gap."""
        if self._producer is producer:
            self._producer = None
            await _stop(producer)


async def _stop(producer: AIOKafkaProducer) -> None:
    with suppress(TimeoutError, KafkaError):
        async with asyncio.timeout(ENDS_WITHIN_S):
            await producer.stop()
