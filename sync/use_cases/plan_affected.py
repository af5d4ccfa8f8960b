"""Plan what was left to be planned: midnights, account links, plans that failed, who was seen in a room unplaced."""

from __future__ import annotations

from datetime import datetime

from sync.affected import PRESENT
from sync.ports.plans import Batch
from sync.ports.store import Store
from sync.use_cases.decide_present import decide_present, write_present
from sync.use_cases.plan_scopes import PlanningRules, plan_scopes, together


async def plan_affected(store: Store, rules: PlanningRules, now: datetime, limit: int = 20) -> Batch | None:
    """Plan up to `limit` schools that have something due. Return None if there are none. Any process may call it.

    Raises StoreUnavailable with nothing written (retriable).
    """
    async with store.planning() as tx:
        organisations = await tx.schools.lock_due(now, limit, midnights_until=rules.days_until(now))
        if not organisations:
            return None
        waiting = await tx.affected.listed(organisations)
        seen = await decide_present(tx, {one.organisation_id for one, _, _ in waiting if one.kind == PRESENT})
        affected = together({one: cause for one, cause, _ in waiting}, seen.affected)
        batch = await plan_scopes(tx, organisations, affected, rules, now)
        await write_present(tx, seen, batch.stalled, now)
        await tx.affected.remove([one for one in waiting if one.affected.organisation_id not in batch.stalled])
        return batch
