"""Faust assigns the partitions, and each poll is handed straight to the stream.

Private names of Faust and aiokafka are used in this file only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import faust
import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError, KafkaTimeoutError
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.transport.drivers.aiokafka import Consumer as FaustConsumer
from faust.types import TP

from events.leaving import leave
from events.offsets import Found, Holes, Part, batches, bridged
from events.topics import AT_ONCE, delivered
from sync.streams import Partition

LANES = 2  # batches at a time, of different partitions: the database works on one while we work on the other
AWAY_S = 1.0
POLL_S = 0.25  # a longer poll would delay the next share
FETCH_WAIT_MS = 100  # how long a fetch for other partitions can keep one with new records waiting; 1,500 in Faust

log = structlog.get_logger()

Begin = Callable[[Mapping[Partition, Found]], Awaitable[Mapping[Partition, int]]]
Take = Callable[[Sequence[Part]], Awaitable[None]]


class App(faust.App):  # type: ignore[misc]
    """Faust without agents. `begin` returns the offsets at which partitions continue; `take` handles records."""

    begin: Begin
    take: Take

    def subscribe(self, topics: Sequence[str]) -> None:
        """Set the handlers, before the start. Faust's own acks are not used."""
        for name in topics:
            self.topics.add(self.topic(name, acks=False))

    async def ended(self) -> BaseException | None:
        """Wait until Faust ends. Return the exception it crashed with, which is reported nowhere else."""
        waits = [asyncio.create_task(event.wait()) for event in (self._crashed, self._stopped)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        reason: BaseException | None = self.crash_reason
        return reason

    def _new_transport(self) -> Any:
        transport = super()._new_transport()
        transport.Consumer = Consumer
        return transport


class Consumer(FaustConsumer):  # type: ignore[misc]
    """Takes one share of the partitions after another: those that each generation of the group gives to this process.

    A share begins at the database's offsets and ends with the rebalance: its records are not handed on
    afterwards.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._share = 0
        self._given = asyncio.Event()
        self._behind: dict[TP, int] = {}  # of each partition of the share: the offset behind what was taken
        self._told: dict[TP, int | None] = {}  # the same, as Kafka has it
        self.awaits_share = True
        """Whether a share has ended or been given, and the next has not begun. False if no partitions were given."""

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """A share is given. Called by Faust in each rebalance, before it seeks."""
        self.awaits_share = bool(assigned)
        await super().on_partitions_assigned(assigned, generation_id)

    async def perform_seek(self) -> None:
        """A share begins. Called by Faust after each rebalance, when aiokafka has the new partitions."""
        self._share += 1
        self._given.set()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """A share ends. Called by Faust before each rebalance."""
        self._share += 1
        self._given.clear()
        self.awaits_share = True
        await super().on_partitions_revoked(revoked)

    async def force_commit(self, *_: Any, **__: Any) -> bool:
        """Commit to Kafka what was taken: for tools that show lag, and so that the next start sees that neither topic
        nor group is new. Called by Faust every second, and at the end.
        """
        moved = {tp: offset for tp, offset in self._behind.items() if offset != self._told.get(tp)}
        if not moved or not await self._commit(moved):
            return False
        self._told |= moved
        return True

    async def _drain_messages(self, fetcher: Any) -> None:
        try:
            while not fetcher.should_stop:
                await self._given.wait()
                self._given.clear()
                await self._take_share(self._share)
        except asyncio.CancelledError:
            if not self.app.should_stop:
                raise

    async def _take_share(self, share: int) -> None:
        """Begin anew if Kafka was unavailable meanwhile: the database knows how far the share has come."""
        while self._lasts(share):
            try:
                await self._begin()
                if self._lasts(share):
                    self.awaits_share = False
                await self._take_lanes(share)
            except Exception as error:  # noqa: BLE001 - what was not begun or polled would be missing from then on
                if not self._lasts(share):
                    return
                if not _is_away(error):
                    leave("the partitions cannot be read", error)
                log.warning("stream.kafka_away", error=type(error).__name__)
                await asyncio.sleep(AWAY_S)

    async def _take_lanes(self, share: int) -> None:
        async with asyncio.TaskGroup() as lanes:
            for lane in range(LANES):
                if partitions := set(sorted(self._behind)[lane::LANES]):
                    lanes.create_task(self._take_lane(partitions, share))

    async def _take_lane(self, partitions: set[TP], share: int) -> None:
        while self._lasts(share):
            await self._hand_on(await self._getmany(partitions, POLL_S), share)

    def _lasts(self, share: int) -> bool:
        return self._share == share and not self.app.should_stop

    async def _begin(self) -> None:
        committed: Mapping[TP, int | None] = await self.seek_to_committed()
        earliest, ends = await self.earliest_offsets(*committed), await self.highwaters(*committed)
        found = {Partition(*tp): Found(committed[tp], earliest[tp], ends[tp]) for tp in committed}
        begun = await self.app.begin(found)
        # A stopped partition may be at an offset outside its topic, which Kafka would reset to the earliest offset.
        starts = {tp: min(max(begun[Partition(*tp)], earliest[tp]), ends[tp]) for tp in committed}
        await self.seek_wait(starts)
        self._behind, self._told = starts, dict(committed)
        await self.commit()

    async def _hand_on(self, polled: Mapping[TP, Sequence[Any]], share: int) -> None:
        """Take the batches of a poll, one after the other; the next poll waits for them."""
        passed = await self._passed(polled)
        for batch in batches(polled, AT_ONCE):
            if not self._lasts(share):
                return
            parts = [part for tp, records in batch.items() for part in delivered(Partition(*tp), records)]
            await self.app.take([bridged(part, passed) for part in parts])
            self._behind |= {tp: records[-1].offset + 1 for tp, records in batch.items()}

    async def _passed(self, polled: Mapping[TP, Sequence[Any]]) -> Holes:
        """The real gaps in a poll: aiokafka skips transaction markers, aborted records and compacted ones. Before the
        first record it may also have jumped, if the topic no longer reaches back to our offset.
        """
        firsts = {tp: (self._behind[tp], records[0].offset) for tp, records in polled.items()}
        for tp, (behind, first) in firsts.items():
            if first < behind:
                leave(f"{tp.topic} {tp.partition} went back from {behind} to {first}: it was made anew")
        ahead = {tp: behind for tp, (behind, first) in firsts.items() if first > behind}
        earliest = await self.earliest_offsets(*ahead) if ahead else {}
        passed = {(Partition(*tp), firsts[tp][1]): behind for tp, behind in ahead.items() if earliest[tp] <= behind}
        for tp, records in polled.items():
            for before, behind in pairwise(records):
                if behind.offset > before.offset + 1:
                    passed[Partition(*tp), behind.offset] = before.offset + 1
        return passed

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)


def _is_away(error: Exception) -> bool:
    """Whether the error only means that Kafka does not answer, or not yet."""
    if isinstance(error, ExceptionGroup):
        return all(map(_is_away, error.exceptions))
    return isinstance(error, KafkaTimeoutError) or (isinstance(error, KafkaError) and error.retriable)


class _Thread(AIOKafkaConsumerThread):  # type: ignore[misc]
    """Polls, commits and sends heartbeats, however long a batch takes."""

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Records of an aborted transaction were never sent.
        consumer._isolation_level = "read_committed"  # noqa: SLF001 - Faust sets it with "exactly_once" alone
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001 - Faust has no setting for it
        return consumer
