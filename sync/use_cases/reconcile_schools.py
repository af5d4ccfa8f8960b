"""What is done once a night in each school: whatever the platform refused is asked for again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from sync.days import next_local
from sync.ports.store import Store


async def reconcile_schools(store: Store, at: time, now: datetime, limit: int = 50) -> Collection[str] | None:
    """Sees to up to `limit` schools whose clocks have shown `at` since the last time; gives those that were due. None
    when there was nothing to do. Any process may call it.

    What is to be tried again is left to be planned. A school that is new, or whose time zone is, gets its time first.
    Raises StoreUnavailable with nothing written (retriable).
    """
    async with store.planning() as tx:
        schools = await tx.schools.lock_nights(now, limit)
        if not schools:
            return None
        due = [key for key, school in schools.items() if school.reconcile_at is not None]
        await tx.affected.touch(await tx.affected.refused(due), now)
        await tx.schools.write_nights({key: next_local(at, now, school.time_zone) for key, school in schools.items()})
        return due
