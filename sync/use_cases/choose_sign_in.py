"""Choose where the people of a school sign in to its system."""

from __future__ import annotations

from sync.ids import OrganisationId
from sync.ports.store import Store


async def choose_sign_in(store: Store, organisation_id: OrganisationId, url: str | None) -> bool:
    """`url`: an address that `sync.invitations.is_address` takes; None: the one that is set for all schools.

    False: nobody has registered this school. Raises StoreUnavailable (retriable).
    """
    async with store.planning() as tx:
        if await tx.schools.chosen_account(organisation_id) is None:
            return False
        await tx.schools.choose_sign_in(organisation_id, url)
    return True
