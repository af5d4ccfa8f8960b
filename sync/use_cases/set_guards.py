"""Other limits for the guards of a school, or of all, for some days or from now on."""

from __future__ import annotations

from datetime import date

from sync.guards.limits import Span
from sync.ids import OrganisationId
from sync.ports.store import Store


async def set_guards(store: Store, span: Span) -> None:
    """In place of what was set for the same schools and days; what is planned from now on goes by it.

    Raises StoreUnavailable (retriable).
    """
    async with store.planning() as tx:
        await tx.holds.set_span(span)


async def drop_guards(store: Store, organisation_id: OrganisationId, from_on: date, to_on: date) -> bool:
    """False where nothing was set for exactly these schools and days. Raises StoreUnavailable (retriable)."""
    async with store.planning() as tx:
        return await tx.holds.drop_span((organisation_id, from_on, to_on))
