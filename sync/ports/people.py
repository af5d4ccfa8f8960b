"""What is asked of persons and their accounts, which join schools."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from sync.accounts import AccountWord, Bounds


class People(Protocol):
    """Persons, their ties to schools, and the history of their accounts."""

    async def lock(self, tied: Collection[tuple[str, str]], linked: Collection[str]) -> None:
        """Makes the persons known, tied to schools as (organisation, person); locks each for a first tie, and `linked`
        against every reader of their accounts.
        """

    async def lock_accounts(self, accounts: Collection[tuple[str, str]], linked: Collection[str]) -> None:
        """Locks external accounts whose holder may change: these, as (provider, external id), and all that the
        persons, locked already, ever claimed and may let go.
        """

    async def add_account_words(self, words: Sequence[AccountWord]) -> None: ...

    async def account_words(self, persons: Collection[str]) -> dict[str, list[AccountWord]]:
        """The whole account histories, by provider, of these persons and of all who ever claimed an account that one
        of them ever claimed.
        """

    async def bounds(self, sources: Collection[str]) -> Bounds:
        """Those of the sources that are bound to schools, with these."""

    async def ties(self, persons: Collection[str]) -> list[tuple[str, str]]:
        """The schools that know the persons, as (organisation, person)."""
