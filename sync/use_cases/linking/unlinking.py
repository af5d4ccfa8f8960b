"""Unlink: what the person says, or support for them."""

from __future__ import annotations

from dataclasses import replace

from sync.ids import PersonId
from sync.linking.outcomes import Ended, NothingLinked, Unlinked
from sync.ports.linking import FOR_ITSELF, Speaker
from sync.use_cases.linking.means import MAX, Means


async def unlink(means: Means, person_id: PersonId, provider: str, by: Speaker = FOR_ITSELF) -> Ended:
    """Whether the account was held by somebody else does not matter: the person lets go of it."""
    accounts = await means.registry.people.accounts(person_id, by.schools) or ()
    if not any(account.provider == provider for account in accounts):
        return NothingLinked()
    await means.events.unlinked(person_id, provider, by)
    async with means.store.linking() as tx:
        if provider == MAX:
            await tx.requests.write(replace(await tx.requests.asking(person_id), request=None))
        await tx.phones.erase(person_id, provider)
    return Unlinked()
