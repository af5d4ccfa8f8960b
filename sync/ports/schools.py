"""The port for schools' own rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from sync.ids import OrganisationId
from sync.looks import Difference


@dataclass(frozen=True, slots=True)
class Organisation:
    """A school's row, locked: its day, which only rises, the midnight at which something changes next, and when it is
    reconciled next (None: not scheduled yet). `facts_no`: how many transactions have changed its facts.
    """

    organisation_id: OrganisationId
    day: date | None
    roll_at: datetime | None
    time_zone: str
    reconcile_at: datetime | None = None
    facts_no: int = 0


class Chosen(NamedTuple):
    """The platform account of a school ("" is the platform's first), and how many of its chats exist on a platform."""

    platform: str
    account: str
    chats: int


class Schools(Protocol):
    """Schools' rows. Methods that wait for locks take them in the order of the ids."""

    async def lock(self, organisation_ids: Collection[OrganisationId]) -> dict[OrganisationId, Organisation]:
        """Lock the schools, creating rows for new ones. Do not use what was read before the locks."""

    async def lock_due(
        self, now: datetime, limit: int, *, midnights_until: datetime | None = None
    ) -> dict[OrganisationId, Organisation]:
        """Lock schools that have something to plan, or whose midnight has come (by `midnights_until`, or now), longest
        waiting first; at most one of those that must be planned as a whole. Skips locked schools.
        """

    async def lock_nights(self, now: datetime, limit: int) -> dict[OrganisationId, Organisation]:
        """Locks schools that are to be reconciled by now, or have no time for it; passes over those locked already."""

    async def write_nights(self, nights: Mapping[OrganisationId, datetime]) -> None:
        """Write when locked schools are reconciled next. A change of time zone resets it."""

    async def begin_reconciles(
        self,
        organisation_ids: Collection[OrganisationId],
        by: str,
        now: datetime,
        *,
        apply: bool,
        planned: Sequence[Difference] = (),
    ) -> dict[str, int]:
        """Start a reconcile of all rooms of locked schools, or continue one under way. Return the run numbers by
        school. `planned`: what planning everybody anew does, reported with it.
        """

    async def chosen_account(self, organisation_id: OrganisationId) -> Chosen | None:
        """Lock a registered school. Return its platform account, or None if it is not registered."""

    async def choose_account(self, organisation_id: OrganisationId, platform: str, account: str) -> None:
        """Set the account. Rooms without a chat on a platform move to it, too."""

    async def choose_sign_in(self, organisation_id: OrganisationId, url: str | None) -> None:
        """Set where a school's people sign in to its system. None: where all schools' people do."""
