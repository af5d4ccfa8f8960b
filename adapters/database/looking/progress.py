"""How far the reconcile of a school has come, and its end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, select, update

from adapters.database.bulk import Bulk
from adapters.database.schema import reconcile_rooms, reconciles
from sync.ports.looking import Progress


async def progress(bulk: Bulk, run_no: int) -> Progress:
    rows = await bulk.fetch(select(reconcile_rooms).where(reconcile_rooms.c.run_no == run_no))
    left = [row for row in rows if row.looked_at is None]
    return Progress(len(rows), len(rows) - len(left), sorted({row.platform_token for row in left}))


async def end(bulk: Bulk, run_nos: Collection[int], now: datetime) -> None:
    """Ends those of which every room was looked at, and forgets those of their schools before them."""
    data = [(number, now) for number in sorted(run_nos)]
    await bulk.ask(_ended, [reconciles.c.run_no, reconciles.c.ended_at], data)
    former = [
        (row.run_no,) for row in await bulk.ask(_former, [reconciles.c.run_no], [row[:1] for row in data], FORMER)
    ]
    await bulk.delete(reconcile_rooms, ("run_no",), former)
    await bulk.delete(reconciles, ("run_no",), former)


def _ended(given: FromClause) -> Any:
    left = select(reconcile_rooms.c.run_no).where(
        reconcile_rooms.c.run_no == reconciles.c.run_no, reconcile_rooms.c.looked_at.is_(None)
    )
    own = reconciles.c.run_no == given.c.run_no
    return (
        update(reconciles).where(own, reconciles.c.ended_at.is_(None), ~left.exists()).values(ended_at=given.c.ended_at)
    )


EARLIER = reconciles.alias("earlier")
FORMER = [EARLIER.c.run_no]


def _former(given: FromClause) -> Any:
    later = (EARLIER.c.organisation_id == reconciles.c.organisation_id) & (EARLIER.c.run_no < reconciles.c.run_no)
    joined = given.join(reconciles, reconciles.c.run_no == given.c.run_no).join(EARLIER, later)
    return select(*FORMER).select_from(joined).where(reconciles.c.ended_at.is_not(None)).distinct()
