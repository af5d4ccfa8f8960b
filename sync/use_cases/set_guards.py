"""Other limits for the guards of a school, or of all, for some days or from now on."""

from __future__ import annotations

from datetime import date

from sync.guards.limits import Span
from sync.ids import OrganisationId
from sync.ports.store import Store


async def set_guards(store: Store, span: Span) -> None:
    """Set limits, replacing those for the same schools and days; they apply to plans from now on.

    Raises StoreUnavailable (retriable).
    """
    async with store.planning() as tx:
        await tx.holds.set_span(span)


async def drop_guards(store: Store, organisation_id: OrganisationId, from_on: date, to_on: date) -> bool:
    """Delete limits. Return False if none were set for exactly these schools and days. Raises StoreUnavailable
    (retriable).
    """
    async with store.planning() as tx:
        return await tx.holds.drop_span((organisation_id, from_on, to_on))
