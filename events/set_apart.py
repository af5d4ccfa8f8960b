"""A record whose handling fails for no reason that we know: three processes end of it, and then it is set apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from events.offsets import Part, after, remaining
from events.reading import failed_letter
from sync.ports.streams import StreamTransaction
from sync.streams import Position

MOST_DEATHS = 3  # before: whatever it was may have been of that process, or of that hour

log = structlog.get_logger()


async def set_apart(tx: StreamTransaction, part: Part, error: Exception, now: datetime) -> bool:
    """Makes a part's only record a dead letter and goes on behind it; False where the process is to end instead, which
    is counted.

    True, too, where another process got on meanwhile.
    """
    partition = part.partition
    before = (await tx.positions.lock([partition])).get(partition)
    due = None if before is None else remaining(part, before)
    if before is None or due is None or not due.records:
        return due is None
    tell(due, error, before.deaths)
    if before.deaths < MOST_DEATHS:
        await tx.positions.write({partition: replace(before, deaths=before.deaths + 1, begun=None)})
        return False
    return await set_apart_now(tx, before, due, error, now)


def tell(due: Part, error: Exception, deaths: int) -> None:
    place = {"topic": due.partition.topic, "partition": due.partition.number, "offset": due.records[0].offset}
    log.error("stream.handling_failed", **place, error=type(error).__name__, deaths=deaths)


async def set_apart_now(tx: StreamTransaction, before: Position, due: Part, error: Exception, now: datetime) -> bool:
    """Makes the only record of what is due a dead letter; False where another process got on meanwhile."""
    await tx.dead_letters.add([failed_letter(due.partition, due.records[0], error, now)])
    behind, _ = after(before, due, [True], now)
    return await tx.positions.advance({due.partition: (before, behind)})
