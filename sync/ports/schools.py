"""What is asked of schools' own rows."""

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
    reconciled next (None: nobody has said yet). `facts_no`: how many transactions have changed its facts.
    """

    organisation_id: OrganisationId
    day: date | None
    roll_at: datetime | None
    time_zone: str
    reconcile_at: datetime | None = None
    facts_no: int = 0


class Chosen(NamedTuple):
    """The platform account of a school ("" is the platform's first), and how many of its chats stand somewhere."""

    platform: str
    account: str
    chats: int


class Schools(Protocol):
    """Schools' rows. What waits for a lock locks in the order of the ids."""

    async def lock(self, organisation_ids: Collection[OrganisationId]) -> dict[OrganisationId, Organisation]:
        """Locks the schools, making rows for new ones. What was read before is not to be used."""

    async def lock_due(
        self, now: datetime, limit: int, *, midnights_until: datetime | None = None
    ) -> dict[OrganisationId, Organisation]:
        """Locks schools that have something to plan, or whose midnight has come (by `midnights_until`, or now), those
        first that have waited longest; of those of which everybody is to be planned one alone. Passes over those locked
        already.
        """

    async def lock_nights(self, now: datetime, limit: int) -> dict[OrganisationId, Organisation]:
        """Locks schools that are to be reconciled by now, or have no time for it; passes over those locked already."""

    async def write_nights(self, nights: Mapping[OrganisationId, datetime]) -> None:
        """Writes when locked schools are reconciled next. A new time zone takes that back."""

    async def begin_reconciles(
        self,
        organisation_ids: Collection[OrganisationId],
        by: str,
        now: datetime,
        *,
        apply: bool,
        planned: Sequence[Difference] = (),
    ) -> dict[str, int]:
        """Begins to look at all rooms of locked schools, or goes on where that is under way; the numbers by school.
        `planned`: what planning everybody anew does, to be told with it.
        """

    async def chosen_account(self, organisation_id: OrganisationId) -> Chosen | None:
        """Locks a registered school and gives its platform account; None of one nobody registered."""

    async def choose_account(self, organisation_id: OrganisationId, platform: str, account: str) -> None:
        """Rooms that have no chat on a platform yet go along."""
