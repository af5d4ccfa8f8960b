"""The accounts of persons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from adapters.database.read.loaded import Loaded
from adapters.database.session import Session
from adapters.database.tables import account_words
from adapters.database.types import Instant
from sync.accounts import AccountWord, Bounds, accounts_in, by_person, run_start
from sync.views.persons import AccountView

NOWHERE = ""  # of no school: what sources say that are bound to none


class Accounts:
    def __init__(self, session: Session, loaded: Loaded) -> None:
        self._session, self._loaded = session, loaded

    async def of_person(self, person_id: str, schools: Sequence[str]) -> list[AccountView]:
        """The accounts that count in these schools, by provider."""
        said = await self._loaded.account_words({person_id})
        bounds = await self._bounds(word for words in said.values() for word in words)
        return [
            view
            for provider, words in sorted(said.items())
            for view in _accounts(person_id, provider, words, schools or [NOWHERE], bounds)
        ]

    async def after(self, word: AccountWord) -> AccountView:
        """The account of a person linked by a word, the latest said of it, as it will be once the word is taken in."""
        claim = [(word.provider, word.external_user_id)]
        claimed = await self._session.matching(account_words, ("provider", "external_user_id"), claim)
        said = await self._loaded.account_words({word.person_id, *(row.person_id for row in claimed)})
        words = [*said.get(word.provider, ()), word]
        bounds = await self._bounds(words)
        schools = sorted(bounds.get(word.version.source, {NOWHERE}))[:1]
        views = _accounts(word.person_id, word.provider, words, schools, bounds)
        if not views:
            raise ValueError("the word links no account, or is not the latest")
        return views[0]

    async def last_said_at(self, person_id: str, provider: str) -> datetime | None:
        """The latest time among all that was said of a person's account."""
        last: datetime | None = (await self._session.fetch(_last_said(person_id, provider)))[0][0]
        return last

    async def ever_of(self, person_id: str) -> set[str]:
        """All accounts the person ever had."""
        said = await self._session.matching(account_words, ("person_id",), [(person_id,)])
        return {row.external_user_id for row in said if row.external_user_id is not None}

    async def _bounds(self, words: Iterable[AccountWord]) -> Bounds:
        return await self._loaded.bounds({word.version.source for word in words})


def _accounts(
    person_id: str, provider: str, words: Iterable[AccountWord], schools: Collection[str], bounds: Bounds
) -> list[AccountView]:
    """The accounts that count in these schools; nearly always it is one."""
    histories = by_person(words)
    found = (accounts_in(school, histories, bounds).get(person_id) for school in schools)
    views = {
        AccountView(
            person_id,
            provider,
            account.external_user_id,
            run_start(histories[person_id], account.link).version.time,
            account.held_by_another,
        )
        for account in found
        if account is not None
    }
    return sorted(views, key=lambda view: (view.external_user_id, view.linked_at))


def _last_said(person_id: str, provider: str) -> Select[Any]:
    own = (account_words.c.person_id == person_id) & (account_words.c.provider == provider)
    return select(func.max(account_words.c.time, type_=Instant())).where(own)
