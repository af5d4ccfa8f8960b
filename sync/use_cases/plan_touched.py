"""Plan what was left to be planned: midnights, account links, ownership that changed hands, plans that failed."""

from __future__ import annotations

from datetime import datetime

from sync.ports.plans import Batch
from sync.ports.store import Store
from sync.use_cases.plan_slices import PlanningRules, plan_slices


async def plan_touched(store: Store, rules: PlanningRules, now: datetime, limit: int = 20) -> Batch | None:
    """Plans up to `limit` schools that have something due; None when there is none. Any process may call it.

    Raises StoreUnavailable with nothing written (retriable).
    """
    async with store.planning() as tx:
        organisations = await tx.schools.lock_due(now, limit)
        if not organisations:
            return None
        touched = await tx.affected.touched(organisations)
        batch = await plan_slices(tx, organisations, {touch: cause for touch, cause, _ in touched}, rules, now)
        await tx.affected.untouch([one for one in touched if one.touch.organisation_id not in batch.stalled])
        return batch
