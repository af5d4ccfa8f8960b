"""The port for persons and their accounts, which span schools."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sync.accounts import AccountAssertion, Bounds
from sync.ids import AccountId, OrganisationId, PersonId


class People(Protocol):
    """Persons, their ties to schools, and the history of their accounts."""

    async def lock(self, tied: Collection[tuple[OrganisationId, PersonId]], linked: Collection[PersonId]) -> None:
        """Record ties of persons to schools, as (organisation, person). Locks each person on a first tie, and `linked`
        against every reader of their accounts.
        """

    async def lock_accounts(self, accounts: Collection[tuple[str, str]], linked: Collection[PersonId]) -> None:
        """Locks external accounts whose holder may change: these, as (provider, external id), and all that the
        persons, locked already, ever claimed and may let go.
        """

    async def add_account_assertions(self, assertions: Sequence[AccountAssertion]) -> None: ...

    async def account_assertions(self, persons: Collection[PersonId]) -> dict[str, list[AccountAssertion]]:
        """The whole account histories, by provider, of these persons and of all who ever claimed an account that one
        of them ever claimed.
        """

    async def bounds(self, sources: Collection[str]) -> Bounds:
        """The sources among these that are bound to schools, with the schools."""

    async def own_sources(self, sources: Collection[str]) -> dict[str, str]:
        """Of the sources that are bound to schools those as which we speak in the same schools."""

    async def own_accounts(self) -> set[tuple[str, AccountId]]:
        """The service's own accounts that are known so far, as (provider, external id)."""

    async def ties(self, persons: Collection[PersonId]) -> list[tuple[OrganisationId, PersonId]]:
        """The schools that know the persons, as (organisation, person)."""


class Phones(Protocol):
    """The phones by which people linked their accounts."""

    async def forget_others(self, linked: Mapping[tuple[PersonId, str], Collection[AccountId]]) -> None:
        """Erase the phones of all other accounts than the persons are linked to, by person and provider."""
