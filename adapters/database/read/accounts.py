"""The accounts of persons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from adapters.database.bulk import Bulk
from adapters.database.load.accounts import StoredAccounts, assertion_of
from adapters.database.read.loaded import Loaded
from adapters.database.schema import account_assertions
from sync.accounts import AccountAssertion, Bounds, accounts_in, by_person, counts_in, holders, run_start
from sync.ids import AccountId, OrganisationId, PersonId
from sync.views.persons import AccountView
from sync.views.registry import Schools

NOWHERE = OrganisationId("")  # of no school: what sources say that are bound to none


class Accounts:
    def __init__(self, bulk: Bulk, loaded: Loaded) -> None:
        self._bulk, self._loaded = bulk, loaded

    async def of_person(self, person_id: PersonId, schools: Sequence[OrganisationId]) -> list[AccountView]:
        """The accounts that count in these schools, by provider."""
        said = await self._loaded.account_assertions({person_id})
        bounds = await self._bounds(assertion for assertions in said.values() for assertion in assertions)
        return [
            view
            for provider, assertions in sorted(said.items())
            for view in _accounts(person_id, provider, assertions, schools or [NOWHERE], bounds)
        ]

    async def after(self, assertion: AccountAssertion) -> AccountView:
        """The account of a person linked by an assertion, the latest said of it, as it will be once it is taken in."""
        claim = [(assertion.provider, assertion.external_user_id)]
        claimed = await self._bulk.matching(account_assertions, ("provider", "external_user_id"), claim)
        said = await self._loaded.account_assertions({assertion.person_id, *(row.person_id for row in claimed)})
        assertions = [*said.get(assertion.provider, ()), assertion]
        bounds = await self._bounds(assertions)
        bound = bounds.get(assertion.version.source)
        schools = [min(bound) if bound else NOWHERE]
        views = _accounts(assertion.person_id, assertion.provider, assertions, schools, bounds)
        if not views:
            raise ValueError("the assertion links no account, or is not the latest")
        return views[0]

    async def last_said_at(self, person_id: PersonId, provider: str, schools: Schools) -> datetime | None:
        """The latest time among all that was said of a person's account, and counts in one of the schools."""
        said = await self._said_of(person_id, schools)
        return max((assertion.version.time for assertion in said if assertion.provider == provider), default=None)

    async def ever_of(self, person_id: PersonId, schools: Schools) -> set[str]:
        """All accounts the person ever had in these schools."""
        said = await self._said_of(person_id, schools)
        return {assertion.external_user_id for assertion in said if assertion.external_user_id is not None}

    async def is_own(self, provider: str, account: str) -> bool:
        """Whether an account is the service's own."""
        return (provider, account) in await StoredAccounts(self._bulk).own()

    async def holder(self, provider: str, account: str) -> PersonId | None:
        """Whose an account is, by what counts in every school."""
        claimed = await self._bulk.matching(account_assertions, ("provider", "external_user_id"), [(provider, account)])
        said = (await self._loaded.account_assertions({row.person_id for row in claimed})).get(provider, [])
        bounds = await self._bounds(said)
        counted = [each for each in said if each.version.source not in bounds]
        return holders(by_person(counted)).get(AccountId(account))

    async def _said_of(self, person_id: PersonId, schools: Schools) -> list[AccountAssertion]:
        rows = await self._bulk.matching(account_assertions, ("person_id",), [(person_id,)])
        said = list(map(assertion_of, rows))
        if schools is None:
            return said
        bounds = await self._bounds(said)
        return [each for each in said if any(counts_in(school, each.version.source, bounds) for school in schools)]

    async def _bounds(self, assertions: Iterable[AccountAssertion]) -> Bounds:
        return await self._loaded.bounds({assertion.version.source for assertion in assertions})


def _accounts(
    person_id: PersonId,
    provider: str,
    assertions: Iterable[AccountAssertion],
    schools: Collection[OrganisationId],
    bounds: Bounds,
) -> list[AccountView]:
    """The accounts that count in these schools; nearly always it is one."""
    histories = by_person(assertions)
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
