"""What planning asks of the store, and what it writes there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

from sync.guards import Counted, Seen
from sync.places import Room
from sync.plan import Action, Plan
from sync.school_years import Reached
from sync.slices import Cause, Slice
from sync.touched import Touch


class Hold(NamedTuple):
    """Removals that wait for a person: the limit they broke, in words, and the lines of the plan."""

    organisation_id: str
    limit: str
    lines: Sequence[Action]
    persons: int
    expires_at: datetime


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
    reached: dict[str, list[Reached]] = field(default_factory=dict)
    schedule: dict[str, Scheduled] = field(default_factory=dict)
    stalled: dict[str, str] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    rooms: dict[str, Mapping[int, Room]] = field(default_factory=dict)  # those that the plans speak of, by school


class Plans(Protocol):
    """Loading what is to be planned, in locked schools, and writing the plans."""

    async def load(self, causes: Mapping[Touch, Cause], days: Mapping[str, date]) -> dict[str, Slice]:
        """The slices of the schools for all that the touches mean."""

    async def open_rooms(self, rooms: Sequence[Room]) -> list[Room]:
        """Makes rooms, with their numbers; one that somebody else made meanwhile is not in the answer."""

    async def removals_since(self, since: Mapping[str, datetime]) -> dict[str, frozenset[tuple[str, str]]]:
        """The counted removals planned since, as (chat, person), by school."""

    async def seen(self, organisation_ids: Collection[str]) -> dict[str, Seen]:
        """Who is on the platform, by school; `removed` is empty."""

    async def hold(self, hold: Hold, now: datetime) -> int:
        """Makes a hold and gives its number."""

    async def write(self, batch: Batch, now: datetime) -> None:
        """Writes plans and schedules, how far students got, and which schools stalled."""

    async def close_notice(self, organisation_id: str, student_id: str, now: datetime) -> bool:
        """Closes the student's notice of the school year reached last; False where none stands open."""
