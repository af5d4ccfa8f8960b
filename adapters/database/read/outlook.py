"""What memberships wait for: the hold that a person decides on, the time of the next try, an account that passed on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.database.bulk import Bulk
from adapters.database.schema import holds, organisations, passed_on, platform_tokens
from sync.ids import HoldNo, OrganisationId, PersonId, RoomNo
from sync.membership_states import PENDING, REFUSED, WAITING, MembershipState
from sync.views.explanation import HoldOfPlace

Standing = tuple[Any, MembershipState]  # a room's row, and how somebody stands in it


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a membership waits for. `nights`: when each school's refusals are asked for again; `pauses`: of accounts;
    `passed_on`: since when another person holds the account by which somebody stood in a room.
    """

    held_by: Mapping[HoldNo, HoldOfPlace]
    nights: Mapping[OrganisationId, datetime | None]
    pauses: Mapping[str, datetime | None]
    passed_on: Mapping[tuple[RoomNo, PersonId], datetime]

    def hold(self, membership: MembershipState) -> HoldOfPlace | None:
        return None if membership.hold_no is None else self.held_by.get(membership.hold_no)

    def passed_on_at(self, room: Any, membership: MembershipState) -> datetime | None:
        return self.passed_on.get((room.room_no, membership.person_id))

    def next_try_at(self, room: Any, membership: MembershipState) -> datetime | None:
        """None where nothing is postponed: it is done, in transit, or waits for somebody."""
        due_at: datetime | None = None if room.lease_until is not None else room.due_at
        if membership.state == REFUSED:
            tries = [at for at in (due_at, self.nights.get(room.organisation_id)) if at is not None]
            return min(tries, default=None)
        if membership.state not in {PENDING, WAITING} or not room.attempts or due_at is None:
            return None
        return max(due_at, self.pauses.get(room.platform_token) or due_at)


class Outlook:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def of(self, standings: Collection[Standing]) -> Awaited:
        numbers = {membership.hold_no for _, membership in standings} - {None}
        held = await self._bulk.matching(holds, ("hold_no",), [(number,) for number in numbers])
        schools = await self._keyed(organisations, "organisation_id", [room.organisation_id for room, _ in standings])
        tokens = await self._keyed(platform_tokens, "token", [room.platform_token for room, _ in standings])
        gone = await self._bulk.matching(passed_on, ("room_no",), sorted({(room.room_no,) for room, _ in standings}))
        return Awaited(
            {row.hold_no: HoldOfPlace(row.hold_no, row.limit_hit, row.expires_at) for row in held},
            {key: row.reconcile_at for key, row in schools.items()},
            {key: row.paused_until for key, row in tokens.items()},
            {(row.room_no, row.person_id): row.at for row in gone},
        )

    async def _keyed(self, table: Any, key: str, values: Sequence[str]) -> dict[Any, Any]:
        rows = await self._bulk.matching(table, (key,), [(value,) for value in values])
        return {getattr(row, key): row for row in rows}
