"""Decide on accounts seen in rooms without a place: a person known to the school, or a stranger."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sync.affected import PERSON, Affected
from sync.ids import NO_EVENT, OrganisationId
from sync.looks import Decision
from sync.planning_scope import Cause
from sync.ports.present import Returned, Unplaced
from sync.ports.roster import RosterTransaction

NOT_BY_EVENT = Cause(NO_EVENT, by_event=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """Decisions under the schools' locks: no account of these is linked or planned in meanwhile."""

    returned: tuple[Returned, ...] = ()
    strangers: tuple[tuple[Unplaced, Decision], ...] = ()
    affected: Mapping[Affected, Cause] = field(default_factory=dict)

    def without(self, schools: Collection[OrganisationId]) -> Seen:
        """The decisions without those of these schools."""
        return replace(
            self,
            returned=tuple(each for each in self.returned if each.seen.organisation_id not in schools),
            strangers=tuple(each for each in self.strangers if each[0].organisation_id not in schools),
        )


async def decide_present(tx: RosterTransaction, organisation_ids: Collection[OrganisationId]) -> Seen:
    """Identify the accounts. A person known to the school is planned first: they may belong there and not be planned
    yet.
    """
    found = await tx.present.undecided(organisation_ids)
    if not found:
        return Seen()
    holders = await tx.present.holders({each.account_in for each in found})
    known = {each: holders.get(each.account_in) for each in found}
    returned = tuple(Returned(each, person) for each, person in known.items() if person is not None)
    return Seen(
        returned,
        tuple((each, each.policy) for each, person in known.items() if person is None),
        {Affected(each.seen.organisation_id, PERSON, each.person_id): NOT_BY_EVENT for each in returned},
    )


async def write_present(tx: RosterTransaction, seen: Seen, stalled: Collection[OrganisationId], now: datetime) -> None:
    """Write the decisions after planning; schools whose planning failed are left undecided."""
    decided = seen.without(stalled)
    await tx.present.write(decided.returned, decided.strangers, now)
