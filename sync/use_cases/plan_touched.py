"""Plan what was left to be planned: midnights, account links, ownership that changed hands, plans that failed."""

from __future__ import annotations

from datetime import datetime

from sync.ports import Batch, Store
from sync.use_cases.plan_slices import PlanningRules, plan_slices


async def plan_touched(store: Store, rules: PlanningRules, now: datetime, limit: int = 20) -> Batch | None:
    """Plans up to `limit` schools that have something due; None when there is none. Any process may call it.

    Raises StoreUnavailable with nothing written (retriable).
    """
    async with store.planning() as tx:
        organisations = await tx.lock_due(now, limit)
        if not organisations:
            return None
        return await plan_slices(tx, organisations, await tx.touches(organisations), rules, now)
