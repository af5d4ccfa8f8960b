"""The port for accounts seen in rooms without a place, and the decisions on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sync.ids import AccountId, OrganisationId, PersonId, RoomNo
from sync.looks import Decision

AccountIn = tuple[OrganisationId, str, AccountId]
"""(organisation, platform, account)."""


class Unplaced(NamedTuple):
    """An account seen in a room. `policy`: what the school wants done about strangers, and who chose that."""

    organisation_id: OrganisationId
    room_no: RoomNo
    platform: str
    account: AccountId
    observed: str
    seen_at: datetime
    policy: Decision

    @property
    def account_in(self) -> AccountIn:
        return self.organisation_id, self.platform, self.account


class Returned(NamedTuple):
    """A person known to the school, seen in a room without a place."""

    seen: Unplaced
    person_id: PersonId


class Present(Protocol):
    """Decisions on such accounts, in locked schools."""

    async def undecided(self, organisation_ids: Collection[OrganisationId]) -> list[Unplaced]: ...

    async def holders(self, accounts: Collection[AccountIn]) -> Mapping[AccountIn, PersonId]:
        """Those of the (organisation, account) that a person known to the school holds, with the person."""

    async def choose(
        self, organisation_id: OrganisationId, policy: str | None, titles: str | None, by: str, now: datetime
    ) -> None:
        """Writes what a school wants done about strangers (`policy`) and about titles. Strangers that wait for a
        person's decision will be decided anew.
        """

    async def write(
        self, returned: Sequence[Returned], strangers: Sequence[tuple[Unplaced, Decision]], now: datetime
    ) -> None:
        """Record decisions: returned persons get a place in the room, unwanted unless planned in; removals are due at
        once.
        """
