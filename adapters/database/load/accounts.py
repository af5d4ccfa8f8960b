"""Accounts as they are stored: the history of links, and the sources that speak for some schools alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import FromClause, select, union

from adapters.database.bulk import Bulk
from adapters.database.schema import account_assertions, platform_tokens, sources, ties
from sync.accounts import AccountAssertion, Bounds, own_source
from sync.ids import AccountId, OrganisationId, PersonId
from sync.platform import PROVIDERS
from sync.versions import Version

COLUMNS = ("person_id", "provider", "source", "event_id", "external_user_id", "sequence", "time", "event_no")


class StoredAccounts:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def histories(self, persons: Collection[PersonId]) -> dict[str, list[AccountAssertion]]:
        """The whole histories, by provider, of these persons and of all who ever claimed an account that one of them
        ever claimed.
        """
        of, data = [account_assertions.c.person_id], [(person,) for person in persons]
        rows = await self._bulk.ask(_histories, of, data, [account_assertions.c[name] for name in COLUMNS])
        found: dict[str, list[AccountAssertion]] = defaultdict(list)
        for assertion in map(assertion_of, rows):
            found[assertion.provider].append(assertion)
        return found

    async def bounds(self, of: Collection[str]) -> Bounds:
        """Those of the sources that are bound to schools, with these."""
        rows = await self._bulk.matching(sources, ("source",), [(source,) for source in of])
        return {row.source: frozenset(row.organisations) for row in rows}

    async def own_sources(self, of: Collection[str]) -> dict[str, str]:
        """Of the sources that are bound to schools our own, of the same token."""
        rows = await self._bulk.matching(sources, ("source",), [(source,) for source in of])
        return {row.source: own_source(row.token_id) for row in rows}

    async def own(self) -> set[tuple[str, AccountId]]:
        """The service's own, as (provider, external id)."""
        own = platform_tokens.c
        rows = await self._bulk.fetch(select(own.token, own.own_account).where(own.own_account.is_not(None)))
        return {(PROVIDERS[row.token.partition(":")[0]], row.own_account) for row in rows}

    async def ties(self, persons: Collection[PersonId]) -> list[tuple[OrganisationId, PersonId]]:
        """The schools that know the persons, as (organisation, person)."""
        rows = await self._bulk.matching(ties, ("person_id",), [(person,) for person in persons])
        return [(row.organisation_id, row.person_id) for row in rows]


def _histories(given: FromClause) -> Any:
    own, claims = account_assertions.alias("own"), account_assertions.alias("claims")
    same = (claims.c.provider == own.c.provider) & (claims.c.external_user_id == own.c.external_user_id)
    rivals = (
        select(claims.c.person_id).select_from(given).join(own, own.c.person_id == given.c.person_id).join(claims, same)
    )
    concerned = union(rivals, select(given.c.person_id)).subquery("concerned")
    columns = [account_assertions.c[name] for name in COLUMNS]
    return select(*columns).join(concerned, concerned.c.person_id == account_assertions.c.person_id)


def assertion_of(row: Any) -> AccountAssertion:
    version = Version(row.source, row.sequence, row.time, row.event_id)
    return AccountAssertion(row.person_id, row.provider, row.external_user_id, version, row.event_no)
