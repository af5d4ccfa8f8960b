"""Faust's consumer, begun where the database says, and drained fast."""

from __future__ import annotations

import asyncio
import types
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Mapping
from functools import partial
from inspect import iscoroutine
from typing import Any

from aiokafka import AIOKafkaConsumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.transport.drivers.aiokafka import Consumer as FaustConsumer
from faust.types import TP, Message

from events.leaving import leave
from events.offsets import Found
from sync.streams import Partition

SEEK_WITHIN_S = 20.0  # below the request's limit, after which Faust goes on as if the seek had been made

Begin = Callable[[Mapping[Partition, Found]], Awaitable[Mapping[Partition, int]]]


class _Thread(AIOKafkaConsumerThread):  # type: ignore[misc]
    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        """Records of a transaction that a producer gave up were never sent."""
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # noqa: SLF001 - Faust sets it with "exactly_once" alone
        return consumer


class Consumer(FaustConsumer):  # type: ignore[misc]
    """`app.begin` tells where partitions begin."""

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        """Begins each partition where the database says.

        Faust calls it after each rebalance, and seeks nowhere later; a seek in one of its signals does not last.
        """
        generation = self.app.consumer_generation_id
        try:
            async with asyncio.timeout(SEEK_WITHIN_S):
                await self._seek_to_ours()
        except Exception as error:  # noqa: BLE001 - without the seek nothing may go on
            if generation == self.app.consumer_generation_id:
                leave("the partitions could not be begun", error)

    async def _seek_to_ours(self) -> None:
        committed: Mapping[TP, int | None] = await self.seek_to_committed()
        if not committed:
            return
        earliest, ends = await self.earliest_offsets(*committed), await self.highwaters(*committed)
        found = {Partition(*tp): Found(committed[tp], earliest[tp], ends[tp]) for tp in committed}
        begun: Mapping[Partition, int] = await self.app.begin(found)
        # A stopped partition may stand outside its topic, where Kafka would put us back to the earliest offset.
        starts = {tp: min(max(begun[Partition(*tp)], earliest[tp]), ends[tp]) for tp in committed}
        await self.seek_wait(starts)
        # A commit of ours tells the next start that neither topic nor group is new.
        if moved := {tp: start for tp, start in starts.items() if start != committed[tp]}:
            await self._commit(moved)
        for tp, start in starts.items():
            self._forget(tp, start)

    def _forget(self, tp: TP, start: int) -> None:
        """Else Faust would see a gap before the first ack, and never commit this partition again."""
        self._committed_offset[tp] = start or None
        for kept in (self._acked, self._acked_index, self._gap):
            kept.pop(tp, None)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109 - Faust's name
        """Faust drops what lies below an offset it has seen: in a topic that was made anew, everything."""
        async for tp, message in super().getmany(timeout):
            seen = self._read_offset[tp]
            if seen is not None and message.offset < seen:
                leave(f"{tp.topic} {tp.partition} went back from {seen} to {message.offset}: it was made anew")
            yield tp, message

    async def wait_first(self, *coros: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - Faust's name
        """Faust puts each record into a queue by way of four tasks; it hardly ever has to wait, so it is done by hand
        up to where it does. Two and a half times as fast.
        """
        if not (len(coros) == 2 and timeout is None and all(map(iscoroutine, coros))) or self.suspend_flow.is_set():
            return await super().wait_first(*coros, timeout=timeout)
        delivery, suspended = coros
        try:
            waits_for = delivery.send(None)
        except BaseException as ended:
            suspended.close()
            if isinstance(ended, StopIteration):
                return None
            raise
        return await super().wait_first(_resumed(delivery, waits_for), suspended, timeout=timeout)


async def _resumed(delivery: Coroutine[Any, Any, Any], waits_for: Any) -> Any:
    return await _go_on(delivery, waits_for)


@types.coroutine
def _go_on(delivery: Coroutine[Any, Any, Any], waits_for: Any) -> Generator[Any, Any, Any]:
    """Drives a coroutine on that was begun by hand and waits for a future."""
    while True:
        try:
            value = yield waits_for
        except BaseException as error:  # noqa: BLE001 - it is the coroutine's
            step = partial(delivery.throw, error)
        else:
            step = partial(delivery.send, value)
        try:
            waits_for = step()
        except StopIteration as end:
            return end.value
