"""Records whose handling fails unexpectedly: after three processes ended because of one, it is set apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from events.offsets import Part, after, remaining
from events.reading import failed_letter
from sync.ports.streams import StreamTransaction
from sync.streams import Position

MOST_DEATHS = 3  # before that, the cause may lie in the process, or be temporary

log = structlog.get_logger()


async def set_apart(tx: StreamTransaction, part: Part, error: Exception, now: datetime) -> bool:
    """Make a part's only record a dead letter and continue behind it. Return False if the process must end instead,
    which is counted; True also if another process advanced meanwhile.
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
    """Make the only due record a dead letter. Return False if another process advanced meanwhile."""
    await tx.dead_letters.add([failed_letter(due.partition, due.records[0], error, now)])
    behind, _ = after(before, due, [True], now)
    return await tx.positions.advance({due.partition: (before, behind)})
