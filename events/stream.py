"""Topics into the database: a batch, its dead letters and its offsets in one transaction.

Only the database knows how far a partition was handled. Records may be delivered twice, late, to two processes at once,
or not at all: handled ones are dropped, and missing ones are read from the topic itself.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain, takewhile
from typing import Protocol

import structlog

from events import first_batch
from events.offsets import Found, Part, beginning, singles
from events.own_accounts import Accounts
from events.persistence import Moved, persistently
from events.reading import Reading
from events.set_apart import set_apart
from sync.ports.store import StreamStore
from sync.ports.streams import StreamTransaction
from sync.streams import DeadLetter, Partition, Position
from sync.use_cases.ingest_events import Ingested, ingest_within
from sync.use_cases.plan_scopes import PlanningRules

log = structlog.get_logger()

LONG = 50  # records: decoding more at a time would block the loop for too long


class Topics(Protocol):
    """The topics themselves, read directly."""

    async def read(self, partition: Partition, start: int) -> Part | Found:
        """The records from an offset on, without gaps; empty if there are none, or Kafka does not answer. If the offset
        is outside the topic: what Kafka has.
        """


@dataclass(frozen=True, slots=True)
class Stream:
    """Ingests parts of topics. `notice` is called for each batch once it is in the database."""

    store: StreamStore
    rules: PlanningRules
    now: Callable[[], datetime]
    notice: Callable[[Ingested], None]
    topics: Topics
    fresh: set[Partition] = field(default_factory=set)  # of which this process has taken nothing yet
    noted: dict[Partition, int] = field(default_factory=dict)  # up to where it is about to handle records, as noted

    async def begin(self, found: Mapping[Partition, Found]) -> dict[Partition, int]:
        """From which offset each partition goes on. Waits until the database answers."""
        return await persistently(partial(self._begin, found))

    async def take(self, parts: Sequence[Part]) -> None:
        """Handle delivered parts, and records missing before them. Waits until the database answers. Raises the error
        of a record that fails, until that is set apart: the process must end.

        Every partition has begun. A partition's parts are in order. Cancelled, it leaves no half of a transaction.
        """
        if self.fresh:
            await self._first(parts)
        read = await self._taken(parts)
        for partition, until in read.lacking.items():
            log.info("stream.read_again", topic=partition.topic, partition=partition.number, until=until)
            await self.catch_up(partition, until)

    async def catch_up(self, partition: Partition, until: int) -> None:
        """Handle a partition up to before an offset, as far as the topic has records, read from the topic itself."""
        position = (await self.positions([partition]))[partition]
        while position.stopped_at is None and position.next < until:
            part = await self.topics.read(partition, position.next)
            if isinstance(part, Found):
                await self.begin({partition: part})
                return
            if part.end == part.start:
                return
            position = (await self._taken([part])).positions[partition]

    async def rest(self) -> None:
        """Nothing is taken any more, for the process was told to end: whatever it was at did not kill it. Raises
        StoreUnavailable: then it will look as if it had.
        """
        if self.noted:
            async with self.store.streaming() as tx:
                await first_batch.forget(tx, self.noted)

    async def _first(self, parts: Sequence[Part]) -> None:
        """Handle a partition's first records in this process with care: another process may have died of them."""
        ends = {part.partition: part.end for part in parts if part.partition in self.fresh}
        if ends:
            died = await persistently(partial(self._noted, ends))
            self.noted.update({partition: end for partition, end in ends.items() if partition not in died})
            for partition, found in died.items():
                log.warning("stream.died_before", topic=partition.topic, partition=partition.number, next=found.next)
                await self._singly(partition, found)
            self.fresh.difference_update(ends)

    async def _noted(self, ends: Mapping[Partition, int]) -> dict[Partition, Position]:
        async with self.store.streaming() as tx:
            return await first_batch.note(tx, ends)

    async def _singly(self, partition: Partition, found: Position) -> None:
        """Handle one by one the records that a dead process had begun to handle, recording each beforehand."""

        async def note(one: Part) -> None:
            async with self.store.streaming() as tx:
                await first_batch.note_record(tx, one, found, self.now())

        position = (await self.positions([partition]))[partition]
        while position.stopped_at is None and position.next < (found.begun or 0):
            part = await self.topics.read(partition, position.next)
            if isinstance(part, Found) or part.end == part.start:
                return  # as always: it is begun again, or read later
            for one in takewhile(lambda one: one.start < (found.begun or 0), singles(part)):
                self.noted[partition] = one.end
                await persistently(partial(note, one))
                await self._taken_alone(one)
            position = (await self.positions([partition]))[partition]

    async def positions(self, partitions: Sequence[Partition]) -> dict[Partition, Position]:
        """How far each partition was handled; those not begun are not in it. Waits until the database answers."""

        async def once() -> dict[Partition, Position]:
            async with self.store.streaming() as tx:
                return await tx.positions.read(partitions)

        return await persistently(once)

    async def _begin(self, found: Mapping[Partition, Found]) -> dict[Partition, int]:
        now = self.now()
        async with self.store.streaming() as tx:
            stored = await tx.positions.lock(found)
            positions = {key: beginning(stored.get(key), of, now) for key, of in found.items()}
            changed = {key: position for key, position in positions.items() if position != stored.get(key)}
            await tx.positions.write(changed)
        self.fresh.update(positions)
        for key, position in sorted(changed.items()):
            _tell_begun(key, stored.get(key), position)
        return {key: position.next for key, position in positions.items()}

    async def _taken(self, parts: Sequence[Part]) -> Reading:
        """Handle a batch; if it fails unexpectedly, record by record, to find the one that fails."""
        try:
            return await persistently(partial(self._take, parts))
        except Exception as error:  # noqa: BLE001 - nobody knows what it was
            log.warning("stream.record_by_record", error=type(error).__name__)
        read = Reading({})
        for one in chain.from_iterable(map(singles, parts)):
            read.add(await self._taken_alone(one))
        return read

    async def _taken_alone(self, one: Part) -> Reading:
        """Set the record apart, or raise its error if the process must end."""
        try:
            return await persistently(partial(self._take, [one]))
        except Exception as error:
            if not await persistently(partial(self._set_apart, one, error)):
                raise
        return Reading(await self.positions([one.partition]))

    async def _set_apart(self, one: Part, error: Exception) -> bool:
        async with self.store.streaming() as tx:
            return await set_apart(tx, one, error, self.now())

    async def _take(self, parts: Sequence[Part]) -> Reading:
        async with self.store.streaming() as tx:
            before = await tx.positions.lock({part.partition for part in parts})
            read = await self._read(parts, before)
            if (linked := read.linked) and (own := linked & await tx.people.own_accounts()):
                read = await self._read(parts, before, own)
            ingested = await self._write(tx, before, read)
        if ingested is not None:
            self.notice(ingested)
        _tell_read(before, read)
        return read

    async def _read(self, parts: Sequence[Part], before: Mapping[Partition, Position], own: Accounts = ()) -> Reading:
        read, now = Reading(dict(before), own), self.now()
        for part in parts:
            if len(part.records) < LONG:
                read.read(part, now)
            else:
                await asyncio.to_thread(read.read, part, now)
        return read

    async def _write(
        self, tx: StreamTransaction, before: Mapping[Partition, Position], read: Reading
    ) -> Ingested | None:
        ingested = await ingest_within(tx, read.events, self.rules, self.now()) if read.events else None
        await tx.dead_letters.add(read.dead_letters)
        moved = {key: (before[key], position) for key, position in read.positions.items() if position != before[key]}
        if not await tx.positions.advance(moved):
            raise Moved
        return ingested


def _tell_begun(partition: Partition, stored: Position | None, position: Position) -> None:
    place = {"topic": partition.topic, "partition": partition.number, "next": position.next}
    if position.stopped_at is not None:
        _tell_stopped(partition, position)
    elif stored is None:
        log.info("stream.begun", **place)
    else:
        log.warning("stream.topic_or_group_is_new", **place, was=stored.next)


def _tell_read(before: Mapping[Partition, Position], read: Reading) -> None:
    if read.dead_letters:
        _tell_dead_letters(read.dead_letters)
    for partition, position in read.positions.items():
        if position.stopped_at != before[partition].stopped_at:
            _tell_stopped(partition, position)


def _tell_dead_letters(letters: Sequence[DeadLetter]) -> None:
    first = letters[0]
    place = {"topic": first.partition.topic, "partition": first.partition.number, "offset": first.offset}
    log.warning("stream.dead_letters", **Counter(letter.reason for letter in letters), **place)


def _tell_stopped(partition: Partition, position: Position) -> None:
    place = {"topic": partition.topic, "partition": partition.number, "next": position.next}
    go_on = f"rollcall dead-letters resume {partition.topic} {partition.number}"
    log.error("stream.stopped", **place, why=position.stopped_why, go_on=go_on)
