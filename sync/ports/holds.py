"""The ports for guards: what they read before a plan is written, and the holds they make."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sync.guards.joining import Crowd
from sync.guards.leaving import Removed
from sync.guards.limits import Span
from sync.guards.out import Seen
from sync.ids import EventNo, HoldNo, OrganisationId, PersonId, RoomNo
from sync.plan.actions import Action

# The states of a hold. It is let go once nobody is held by it any more, undecided.
HELD, APPROVED, REJECTED, LET_GO = "held", "approved", "rejected", "let_go"


class Hold(NamedTuple):
    """Changes of one plan that wait for a person: the limits they broke, in words, the lines, how many persons."""

    organisation_id: OrganisationId
    limit: str
    lines: Sequence[Action]
    persons: int
    expires_at: datetime


class Undecided(NamedTuple):
    hold_no: HoldNo
    organisation_id: OrganisationId
    state: str
    expires_at: datetime


class Decision(NamedTuple):
    """`state` is approved or rejected; by whom, and why."""

    state: str
    by: str
    why: str


class Guarding(Protocol):
    """Queries of guards, in locked schools."""

    async def spans(self, organisation_ids: Collection[OrganisationId]) -> list[Span]:
        """The limits set for these schools, or for all."""

    async def removals_since(
        self, organisation_ids: Collection[OrganisationId], since: datetime
    ) -> dict[OrganisationId, list[Removed]]:
        """The counted removals planned since, by school."""

    async def seen(self, organisation_ids: Collection[OrganisationId]) -> dict[OrganisationId, Seen]:
        """Who is on the platform, by school."""

    async def plenty(self, more: Mapping[tuple[OrganisationId, str], int]) -> set[tuple[OrganisationId, str]]:
        """Those of the (school, kind) of which at least that many places are observed on the platform for a single one
        of the kind's reasons. A pair left out may have as many over several reasons.
        """

    async def crowds(self, more: Mapping[RoomNo, int], since: datetime) -> dict[RoomNo, Crowd]:
        """The persons desired in rooms, by room; of rooms in which at least that many may have become desired since."""

    async def kept(self, room_nos: Collection[RoomNo]) -> dict[RoomNo, set[PersonId]]:
        """Who has a hold in these rooms, decided or not."""


class Holds(Protocol):
    """Holds of locked schools, and the limits that an operator sets."""

    async def make(self, hold: Hold, now: datetime) -> HoldNo:
        """Make a hold. Return its number."""

    async def find(self, hold_no: HoldNo) -> Undecided | None:
        """A hold in its present state, which is stable only while its school is locked."""

    async def expired(self, now: datetime, limit: int) -> list[Undecided]:
        """Up to `limit` undecided holds whose time is over."""

    async def carriers(self, hold_no: HoldNo) -> dict[PersonId, EventNo]:
        """Who is still held by it, each with the number of the latest cause."""

    async def decide(self, hold_no: HoldNo, decision: Decision, now: datetime) -> None: ...

    async def let_go(self, hold_nos: Collection[HoldNo], now: datetime) -> None:
        """Closes those of these holds that are undecided and hold nobody any more."""

    async def set_span(self, span: Span) -> None:
        """Set limits, replacing those for the same days of the same schools."""

    async def drop_span(self, span: Sequence[object]) -> bool:
        """Delete the limits of (organisation, from, to). Return False if there are none."""
