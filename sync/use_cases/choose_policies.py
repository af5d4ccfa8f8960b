"""Choose what a school wants done about strangers in its chats, and about titles that people gave them."""

from __future__ import annotations

from datetime import datetime

from sync.ids import OrganisationId
from sync.ports.store import Store


async def choose_policies(
    store: Store, organisation_id: OrganisationId, strangers: str | None, titles: str | None, by: str, *, now: datetime
) -> bool:
    """`strangers`: ask, revert or adopt; `titles`: revert or keep; None leaves it as it is. `by`: who chose.

    The new policy applies to strangers still waiting for a decision; adopted ones stay. Return False if the school is
    not registered. Raises StoreUnavailable (retriable).
    """
    async with store.planning() as tx:
        if await tx.schools.chosen_account(organisation_id) is None:
            return False
        await tx.present.choose(organisation_id, strangers, titles, by, now)
    return True
