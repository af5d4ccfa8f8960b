"""Accounts as they are stored: the history of links, and the sources that speak for some schools alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import FromClause, select, union

from adapters.database.bulk import Bulk
from adapters.database.tables import account_words, sources, ties
from sync.accounts import AccountWord, Bounds
from sync.versions import Version

COLUMNS = ("person_id", "provider", "source", "event_id", "external_user_id", "sequence", "time", "event_no")


class StoredAccounts:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def histories(self, persons: Collection[str]) -> dict[str, list[AccountWord]]:
        """The whole histories, by provider, of these persons and of all who ever claimed an account that one of them
        ever claimed.
        """
        of, data = [account_words.c.person_id], [(person,) for person in persons]
        rows = await self._bulk.ask(_histories, of, data, [account_words.c[name] for name in COLUMNS])
        found: dict[str, list[AccountWord]] = defaultdict(list)
        for word in map(word_of, rows):
            found[word.provider].append(word)
        return found

    async def bounds(self, of: Collection[str]) -> Bounds:
        """Those of the sources that are bound to schools, with these."""
        rows = await self._bulk.matching(sources, ("source",), [(source,) for source in of])
        return {row.source: frozenset(row.organisations) for row in rows}

    async def ties(self, persons: Collection[str]) -> list[tuple[str, str]]:
        """The schools that know the persons, as (organisation, person)."""
        rows = await self._bulk.matching(ties, ("person_id",), [(person,) for person in persons])
        return [(row.organisation_id, row.person_id) for row in rows]


def _histories(given: FromClause) -> Any:
    own, claims = account_words.alias("own"), account_words.alias("claims")
    same = (claims.c.provider == own.c.provider) & (claims.c.external_user_id == own.c.external_user_id)
    rivals = (
        select(claims.c.person_id).select_from(given).join(own, own.c.person_id == given.c.person_id).join(claims, same)
    )
    concerned = union(rivals, select(given.c.person_id)).subquery("concerned")
    columns = [account_words.c[name] for name in COLUMNS]
    return select(*columns).join(concerned, concerned.c.person_id == account_words.c.person_id)


def word_of(row: Any) -> AccountWord:
    version = Version(row.source, row.sequence, row.time, row.event_id)
    return AccountWord(row.person_id, row.provider, row.external_user_id, version, row.event_no)
