"""What a process takes first of a partition, for it may be what the one before died of: killed, or out of memory.

Up to where it goes is noted before, and forgotten as soon as the partition gets on. Whoever finds such a note handles
what it speaks of record by record, and notes each before; a record that ten processes died of is set apart. Who ends
because he was told to takes his note along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from events.offsets import Part, remaining
from events.set_apart import set_apart_now, tell
from sync.ports.streams import StreamTransaction
from sync.streams import Partition, Position

MOST_UNEXPLAINED = 10  # so often nobody is killed at one record by chance: of three, eight right ones fell in 334 kills


class ProcessDied(Exception):  # noqa: N818 - what happened
    """Of a record, or while it was handled."""


async def note(tx: StreamTransaction, ends: Mapping[Partition, int]) -> dict[Partition, Position]:
    """Notes up to where partitions are about to be handled; gives those of which somebody had noted it, and died."""
    found = await tx.positions.lock(ends)
    ahead = {key: of for key, of in found.items() if of.stopped_at is None and of.next < ends[key]}
    await tx.positions.write({key: replace(of, begun=ends[key]) for key, of in ahead.items() if of.begun is None})
    return {key: of for key, of in ahead.items() if of.begun is not None}


async def forget(tx: StreamTransaction, noted: Mapping[Partition, int]) -> None:
    """Takes away what a process noted that ends because it was told to: it died of nothing."""
    found = await tx.positions.lock(noted)
    await tx.positions.write({key: replace(of, begun=None) for key, of in found.items() if of.begun == noted[key]})


async def note_record(tx: StreamTransaction, part: Part, found: Position, now: datetime) -> None:
    """Notes a part's only record before it is handled, or sets it apart. `found`: the partition at the process's start.

    A death is of a record where that alone had been noted.
    """
    before = (await tx.positions.lock([part.partition])).get(part.partition)
    due = None if before is None else remaining(part, before)
    if before is None or due is None or not due.records:
        return
    died_of_it = found.begun == due.end and found.next == before.next
    deaths = found.deaths + 1 if died_of_it else before.deaths
    if deaths:
        tell(due, ProcessDied(), deaths)
    if deaths >= MOST_UNEXPLAINED:
        await set_apart_now(tx, before, due, ProcessDied(), now)
    else:
        await tx.positions.write({part.partition: replace(before, deaths=deaths, begun=due.end)})
