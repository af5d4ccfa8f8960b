"""Find who holds an account that somebody of a school needs, and has left every school: they are to be unlinked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sync.accounts import OURS, TICK, AccountAssertion, Bounds, counts_in
from sync.affected import PERSON, Affected
from sync.ids import NO_EVENT, OrganisationId, PersonId
from sync.planning_scope import Cause, PlanningScope
from sync.ports.roster import RosterTransaction
from sync.untied import Claim, Unlinking, claims_of, has_left, holder_of
from sync.use_cases.plan_scopes import day_of

LOOKED_AT = Cause(NO_EVENT, by_event=False)

Histories = Mapping[str, Sequence[AccountAssertion]]


class TiesMoved(Exception):  # noqa: N818 - what happened
    """A school got to know one of the persons meanwhile: to be asked again (retriable, nothing is written)."""


async def untied_holders(tx: RosterTransaction, claims: Collection[Claim], now: datetime) -> list[Unlinking]:
    """What is to be said of former holders, in the order of their ids; usually nothing.

    Looks again at what planning found, under the locks of every school that knows one of those concerned: who is
    enrolled meanwhile is tied. Until the transaction ends nobody else is tied or linked. Raises TiesMoved.
    """
    concerned = _persons(await tx.people.account_assertions({claim.person_id for claim in claims}), claims)
    organisations = await tx.schools.lock({school for school, _ in await tx.people.ties(concerned)})
    await tx.people.lock((), concerned)
    histories = await tx.people.account_assertions({claim.person_id for claim in claims})
    known = await tx.people.ties(concerned)
    if not organisations.keys() >= {school for school, _ in known} or not concerned >= _persons(histories, claims):
        raise TiesMoved
    sources = {assertion.version.source for assertion in chain.from_iterable(histories.values())}
    days = {key: row.day or day_of(row, now) for key, row in organisations.items()}
    scopes = await tx.plans.load({Affected(school, PERSON, person): LOOKED_AT for school, person in known}, days)
    bounds, ours = await tx.people.bounds(sources), await tx.people.own_sources(sources)
    finding = _Finding(histories, known, scopes, bounds, ours)
    found = {unlinking for claim in claims for unlinking in finding.of(claim)}
    return sorted(found, key=lambda unlinking: (unlinking.person_id, unlinking.provider, unlinking.source))


def _persons(histories: Histories, claims: Iterable[Claim]) -> set[PersonId]:
    said = chain.from_iterable(histories.values())
    return {claim.person_id for claim in claims} | {assertion.person_id for assertion in said}


@dataclass(frozen=True, slots=True)
class _Finding:
    histories: Histories
    known: Sequence[tuple[OrganisationId, PersonId]]
    scopes: Mapping[OrganisationId, PlanningScope]
    bounds: Bounds
    ours: Mapping[str, str]

    def of(self, claim: Claim) -> Iterable[Unlinking]:
        """The holder of the account that is claimed, where they have left all schools in which their link counts."""
        scope = self.scopes.get(claim.organisation_id)
        if scope is None or claim.person_id not in claims_of(scope):
            return
        holder = holder_of(scope.accounts[claim.person_id].external_user_id, scope.accounts)
        if holder is None:
            return
        held, claimed = (scope.accounts[person].link for person in (holder, claim.person_id))
        rosters = [
            self.scopes[school].roster
            for school, person in self.known
            if person == holder and counts_in(school, held.version.source, self.bounds)
        ]
        if has_left(holder, rosters):
            source = self._speaking(claimed.version.source, held.version.source)
            yield Unlinking(holder, held.provider, source, self._later_than_all(held.provider, holder, claim.person_id))

    def _speaking(self, claimed_by: str, held_by: str) -> str:
        """As whom we say it. Where one of the links counts in some schools alone, so does what we say."""
        return self.ours.get(claimed_by) or self.ours.get(held_by) or OURS

    def _later_than_all(self, provider: str, *persons: PersonId) -> datetime:
        said = self.histories[provider]
        return max(assertion.version.time for assertion in said if assertion.person_id in persons) + TICK
