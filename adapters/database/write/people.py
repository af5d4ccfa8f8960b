"""Persons, their ties to schools, and their accounts: the rows where schools meet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from adapters.database.bulk import Bulk
from adapters.database.schema import account_assertions, external_accounts, persons, ties
from sync.accounts import AccountAssertion
from sync.ids import OrganisationId, PersonId

ACCOUNT = ("person_id", "provider", "source", "event_id", "external_user_id", "sequence", "time", "event_no")

Pair = tuple[OrganisationId, PersonId]


class PeopleTables:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def lock(self, new_ties: Collection[Pair], linked: Collection[PersonId]) -> None:
        """Locks the persons of ties that are new, and `linked` against every reader of their accounts."""
        met = {person for _, person in new_ties} | set(linked)
        await self._bulk.insert(persons, ("person_id",), [(person,) for person in sorted(met)])
        # First ties of several schools do not exclude each other; a link excludes both. One statement
        # locks them all: two, each in order, would not be in order.
        await self._bulk.lock(persons, [(person,) for person in met], read=not linked, key_share=not linked)
        await self._bulk.insert(ties, ("organisation_id", "person_id"), sorted(new_ties))

    async def lock_accounts(self, accounts: Collection[tuple[str, str]], linked: Collection[PersonId]) -> None:
        """Locks external accounts, as (provider, external id), and all that the linked ever claimed."""
        own = await self._bulk.matching(account_assertions, ("person_id",), [(person,) for person in linked])
        claimed = {(row.provider, row.external_user_id) for row in own if row.external_user_id is not None}
        met = sorted({*accounts, *claimed})
        await self._bulk.insert(external_accounts, ("provider", "external_user_id"), met)
        await self._bulk.lock(external_accounts, met)

    async def add_assertions(self, assertions: Sequence[AccountAssertion]) -> None:
        await self._bulk.insert(account_assertions, ACCOUNT, sorted(map(_row, assertions)))


def _row(assertion: AccountAssertion) -> tuple[Any, ...]:
    version = assertion.version
    return (
        assertion.person_id, assertion.provider, version.source, version.event_id,
        assertion.external_user_id, version.sequence, version.time, assertion.event_no,
    )  # fmt: skip
