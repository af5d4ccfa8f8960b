"""What a person does with dead letters, retry or discard them, and with stopped partitions: resume them."""

from __future__ import annotations

from datetime import datetime

from events.decode import decode
from events.own_accounts import of_people
from events.translate import translate
from schemas.rejections import Rejection
from sync.ports.store import StreamStore
from sync.streams import Partition, Position
from sync.use_cases.ingest_events import Ingested, ingest_within
from sync.use_cases.plan_scopes import PlanningRules

RETRIED, DISCARDED = "retried", "discarded"


async def retry(number: int, store: StreamStore, rules: PlanningRules, now: datetime) -> Ingested | Rejection | None:
    """Ingest a dead letter as if it arrived now, with its own timestamp as its receipt. Return None if none of this
    number waits. A record that is still bad stays a dead letter. Raises StoreUnavailable with nothing changed
    (retriable).
    """
    async with store.streaming() as tx:
        letter = await tx.dead_letters.lock(number)
        if letter is None:
            return None
        read = decode(letter.body, letter.headers, min(letter.received_at, now))
        event = of_people(read, await tx.people.own_accounts())
        if isinstance(event, Rejection):
            return event
        ingested = await ingest_within(tx, [translate(event, (*letter.partition, letter.offset))], rules, now)
        await tx.dead_letters.end(number, RETRIED)
        return ingested


async def discard(number: int, store: StreamStore) -> bool:
    """Discard a dead letter: it is kept, but no longer waits. Return False if none of this number waits."""
    async with store.streaming() as tx:
        waits = await tx.dead_letters.lock(number) is not None
        if waits:
            await tx.dead_letters.end(number, DISCARDED)
        return waits


async def stopped_at(partition: Partition, store: StreamStore) -> Position | None:
    """The position at which a partition is stopped; None if it is not."""
    async with store.streaming() as tx:
        position = (await tx.positions.read([partition])).get(partition)
    return position if position is not None and position.stopped_at is not None else None


async def resume(partition: Partition, start: int, store: StreamStore) -> None:
    """Resume a partition from an offset, resetting its count of bad records. Processors notice within seconds."""
    async with store.streaming() as tx:
        await tx.positions.lock([partition])
        await tx.positions.write({partition: Position(start)})
