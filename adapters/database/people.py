"""Persons, the schools that know them, and the history of their accounts; and the rows where all of these meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from adapters.database.session import Session
from adapters.database.tables import account_words, external_accounts, persons, sources, ties
from sync.accounts import AccountWord, Bounds
from sync.versions import Version

ACCOUNT = ("person_id", "provider", "source", "event_id", "external_user_id", "sequence", "time", "event_no")


class People(Session):
    async def lock_persons(self, tied: Collection[tuple[str, str]], linked: Collection[str]) -> None:
        known = {tuple(row) for row in await self.matching(ties, ("organisation_id", "person_id"), tied)}
        new = sorted(set(tied) - known)
        met = {person for _, person in new} | set(linked)
        await self.insert(persons, ("person_id",), [(person,) for person in sorted(met)])
        # One school's first tie and another's may go on side by side; a link may go on beside neither. One statement
        # locks them all: two, each in order, would not be in order.
        await self.lock(persons, [(person,) for person in met], read=not linked, key_share=not linked)
        await self.insert(ties, ("organisation_id", "person_id"), new)

    async def lock_accounts(self, accounts: Collection[tuple[str, str]], linked: Collection[str]) -> None:
        own = _words(await self.matching(account_words, ("person_id",), [(person,) for person in linked]))
        met = sorted({*accounts, *_claimed(own)})
        await self.insert(external_accounts, ("provider", "external_user_id"), met)
        await self.lock(external_accounts, met)

    async def bounds(self, of: Collection[str]) -> Bounds:
        rows = await self.matching(sources, ("source",), [(source,) for source in of])
        return {row.source: frozenset(row.organisations) for row in rows}

    async def ties(self, of: Collection[str]) -> list[tuple[str, str]]:
        rows = await self.matching(ties, ("person_id",), [(person,) for person in of])
        return [(row.organisation_id, row.person_id) for row in rows]

    async def add_account_words(self, words: Sequence[AccountWord]) -> None:
        await self.insert(account_words, ACCOUNT, sorted(map(_row, words)))

    async def account_words(self, of: Collection[str]) -> dict[str, list[AccountWord]]:
        own = _words(await self.matching(account_words, ("person_id",), [(person,) for person in of]))
        claims = _words(await self.matching(account_words, ("provider", "external_user_id"), _claimed(own)))
        others = {word.person_id for word in claims} - set(of)
        words = own + _words(await self.matching(account_words, ("person_id",), [(person,) for person in others]))
        return _by_provider(words)


def _claimed(words: Iterable[AccountWord]) -> set[tuple[str, str]]:
    return {(word.provider, word.external_user_id) for word in words if word.external_user_id is not None}


def _by_provider(words: Iterable[AccountWord]) -> dict[str, list[AccountWord]]:
    histories: dict[str, list[AccountWord]] = defaultdict(list)
    for word in words:
        histories[word.provider].append(word)
    return histories


def by_person(words: Iterable[AccountWord]) -> Mapping[str, list[AccountWord]]:
    histories: dict[str, list[AccountWord]] = defaultdict(list)
    for word in words:
        histories[word.person_id].append(word)
    return histories


def _row(word: AccountWord) -> tuple[Any, ...]:
    version = word.version
    return (
        word.person_id, word.provider, version.source, version.event_id,
        word.external_user_id, version.sequence, version.time, word.event_no,
    )  # fmt: skip


def _words(rows: Iterable[Any]) -> list[AccountWord]:
    return [
        AccountWord(
            row.person_id,
            row.provider,
            row.external_user_id,
            Version(row.source, row.sequence, row.time, row.event_id),
            row.event_no,
        )
        for row in rows
    ]
