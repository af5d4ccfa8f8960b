"""The first batch that a process takes of a partition: it may be what killed the process before, by running out of
memory for example.

Its end is recorded beforehand, and cleared as soon as the partition advances. A process that finds such a mark handles
the records up to it one by one, recording each beforehand; a record on which ten processes died is set apart. A process
that is told to stop takes its mark away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from events.offsets import Part, remaining
from events.set_apart import set_apart_now, tell
from sync.ports.streams import StreamTransaction
from sync.streams import Partition, Position

MOST_UNEXPLAINED = 10  # deaths at one record; with a limit of three, 334 random kills set apart eight good records


class ProcessDied(Exception):  # noqa: N818 - what happened
    """The reason: processes died while handling the record."""


async def note(tx: StreamTransaction, ends: Mapping[Partition, int]) -> dict[Partition, Position]:
    """Record up to where partitions are about to be handled. Return those already marked by a process that died."""
    found = await tx.positions.lock(ends)
    ahead = {key: of for key, of in found.items() if of.stopped_at is None and of.next < ends[key]}
    await tx.positions.write({key: replace(of, begun=ends[key]) for key, of in ahead.items() if of.begun is None})
    return {key: of for key, of in ahead.items() if of.begun is not None}


async def forget(tx: StreamTransaction, noted: Mapping[Partition, int]) -> None:
    """Takes away what a process noted that ends because it was told to: it died of nothing."""
    found = await tx.positions.lock(noted)
    await tx.positions.write({key: replace(of, begun=None) for key, of in found.items() if of.begun == noted[key]})


async def note_record(tx: StreamTransaction, part: Part, found: Position, now: datetime) -> None:
    """Record a part's only record before it is handled, or set it apart. `found`: the position at the process's start.
    A death counts for a record if only that record had been marked.
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
