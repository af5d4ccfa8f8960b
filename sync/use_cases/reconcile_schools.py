"""What is done once a night in each school: everybody is planned, refusals are asked for again, all rooms looked at."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from sync.affected import EVERYBODY, Affected
from sync.days import next_local
from sync.ids import NO_EVENT
from sync.planning_scope import Cause
from sync.ports.store import Store

BY = "night"

NIGHT = Cause(NO_EVENT, by_event=False)
"""As a midnight it does not open again what a person rejected, or nobody approved: that stays until an event, or until
somebody orders a reconcile.
"""


async def reconcile_schools(
    store: Store, at: time, now: datetime, limit: int = 50, *, looks: bool = True
) -> Collection[str] | None:
    """Sees to up to `limit` schools whose clocks have shown `at` since the last time; gives those that were due. None
    when there was nothing to do. Any process may call it.

    Everybody is left to be planned, whom an event forgot to affect as well; with `looks` all rooms are left to be
    looked at, before others. A school that is new, or whose time zone is, gets its time first. Raises StoreUnavailable
    with nothing written (retriable).
    """
    async with store.planning() as tx:
        schools = await tx.schools.lock_nights(now, limit)
        if not schools:
            return None
        due = [key for key, school in schools.items() if school.reconcile_at is not None]
        everybody = {Affected(key, EVERYBODY, key): NIGHT for key in due}
        await tx.affected.add({**await tx.affected.refused(due), **everybody}, now)
        if looks:
            await tx.schools.begin_reconciles(due, BY, now, apply=True)
        await tx.schools.write_nights({key: next_local(at, now, school.time_zone) for key, school in schools.items()})
        return due
