"""Planning's loaders, for readers: the only module here that knows how facts, persons and scopes are loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from adapters.database.bulk import Bulk
from adapters.database.load.accounts import StoredAccounts
from adapters.database.load.at_hand import FactsAtHand
from adapters.database.load.facts import StoredFacts
from adapters.database.load.scopes import Scopes
from sync.accounts import AccountAssertion, Bounds
from sync.affected import PERSON, Affected
from sync.facts import Assertion, FactType
from sync.ids import NO_EVENT, OrganisationId, PersonId
from sync.planning_scope import Cause, PlanningScope
from sync.roster import Roster
from sync.roster.facts import Facts

NO_CAUSE = Cause(NO_EVENT, by_event=False)


class Loaded:
    def __init__(self, bulk: Bulk) -> None:
        self._facts, self._accounts = StoredFacts(bulk), StoredAccounts(bulk)
        self._scopes = Scopes(bulk, FactsAtHand(self._facts, None), self._accounts)

    async def assertions(
        self, kind: FactType, columns: Sequence[str], keys: Iterable[Sequence[str]]
    ) -> list[Assertion]:
        """The assertions of a kind whose columns have one of the given values."""
        return await self._facts.assertions(kind, columns, keys)

    async def facts(self, kinds: Iterable[FactType], columns: Sequence[str], keys: Collection[Sequence[str]]) -> Facts:
        """The facts of several kinds whose columns have one of the given values."""
        facts = Facts()
        for kind in kinds:
            facts.add(await self.assertions(kind, columns, keys))
        return facts

    async def of_persons(
        self, persons: Iterable[PersonId], days: Mapping[OrganisationId, date]
    ) -> dict[OrganisationId, PlanningScope]:
        """The planning scopes of these persons, by school, for each school that has a day."""
        affected = {Affected(school, PERSON, person): NO_CAUSE for school in days for person in persons}
        return await self._scopes.load(affected, days)

    async def roster_of_persons(self, persons: Iterable[PersonId], school: OrganisationId, day: date) -> Roster:
        """The roster of one school, as far as the rules need it for these persons."""
        scopes = await self.of_persons(persons, {school: day})
        return scopes[school].roster if school in scopes else Roster(school, day, Facts())

    async def account_assertions(self, persons: Collection[PersonId]) -> dict[str, list[AccountAssertion]]:
        """The account histories, by provider, of these persons and of all who ever claimed one of their accounts."""
        return await self._accounts.histories(persons)

    async def bounds(self, sources: Collection[str]) -> Bounds:
        """The sources that are bound to schools, with those schools."""
        return await self._accounts.bounds(sources)

    async def schools_of(self, person_id: PersonId) -> set[OrganisationId]:
        """The schools that know a person."""
        return {school for school, _ in await self._accounts.ties([person_id])}
