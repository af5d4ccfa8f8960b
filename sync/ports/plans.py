"""The port for planning: what it loads and what it writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

from sync.affected import Affected
from sync.guards.leaving import Counted
from sync.ids import ChatId, OrganisationId, PersonId, RoomNo
from sync.passing_on import PassedOn
from sync.places import Room
from sync.plan import Plan
from sync.planning_scope import Cause, PlanningScope
from sync.ports.holds import Hold
from sync.school_years import Reached


class Scheduled(NamedTuple):
    """A school's day, and the instant of the next midnight at which something changes there."""

    day: date
    roll_at: datetime | None
    time_zone: str


@dataclass(slots=True)
class Batch:
    """What one transaction of planning writes, for all of its schools."""

    plans: list[Plan] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    reached: dict[OrganisationId, list[Reached]] = field(default_factory=dict)
    schedule: dict[OrganisationId, Scheduled] = field(default_factory=dict)
    stalled: dict[OrganisationId, str] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    passed_on: dict[OrganisationId, list[PassedOn]] = field(default_factory=dict)
    rooms: dict[OrganisationId, Mapping[RoomNo, Room]] = field(
        default_factory=dict
    )  # the rooms in the plans, by school
    claims: dict[OrganisationId, list[PersonId]] = field(
        default_factory=dict
    )  # those tied to a school whose account another person holds


class Plans(Protocol):
    """Loading what is to be planned, in locked schools, and writing the plans."""

    async def load(
        self, causes: Mapping[Affected, Cause], days: Mapping[OrganisationId, date]
    ) -> dict[OrganisationId, PlanningScope]:
        """The scopes of the schools for all that is affected, still without rooms."""

    async def rooms(self, of_chats: Collection[tuple[OrganisationId, ChatId]]) -> list[Room]:
        """The rooms of all lives of these chats, (organisation, chat)."""

    async def open_rooms(self, rooms: Sequence[Room]) -> list[Room]:
        """Create rooms. Return them with their numbers, without those that somebody else created meanwhile."""

    async def filled(self, room_nos: Collection[RoomNo]) -> set[RoomNo]:
        """Those of these rooms that are open on their platform with everybody in them who is to be, but for whom it
        refuses; and somebody is.
        """

    async def write(self, batch: Batch, now: datetime) -> None:
        """Writes plans and schedules, how far students got, which accounts passed on, and which schools stalled."""

    async def close_notice(self, organisation_id: OrganisationId, student_id: PersonId, now: datetime) -> bool:
        """Closes the student's notice of the school year reached last; False where none stands open."""
