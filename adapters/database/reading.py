"""What readers of the registry ask of facts, slices and accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.load.accounts import StoredAccounts
from adapters.database.load.at_hand import FactsAtHand
from adapters.database.load.facts import StoredFacts
from adapters.database.load.scopes import Scopes
from adapters.database.session import Session
from sync.accounts import AccountWord, Bounds
from sync.facts import Kind, Word
from sync.slices import Cause, Slice
from sync.touched import Touch


class Reading(Session):
    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._facts, self._accounts = StoredFacts(self), StoredAccounts(self)
        self._scopes = Scopes(self, FactsAtHand(self._facts, None), self._accounts)

    async def words(self, kind: Kind, columns: Sequence[str], keys: Iterable[Sequence[Any]]) -> list[Word]:
        return await self._facts.words(kind, columns, keys)

    async def load(self, causes: Mapping[Touch, Cause], days: Mapping[str, date]) -> dict[str, Slice]:
        return await self._scopes.load(causes, days)

    async def account_words(self, persons: Collection[str]) -> dict[str, list[AccountWord]]:
        return await self._accounts.histories(persons)

    async def bounds(self, sources: Collection[str]) -> Bounds:
        return await self._accounts.bounds(sources)

    async def ties(self, persons: Collection[str]) -> list[tuple[str, str]]:
        return await self._accounts.ties(persons)
