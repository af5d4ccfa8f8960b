"""What planning finds in the store, schools and what was touched in them, and what it writes there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sync.guards import Counted
from sync.places import Room
from sync.plan import Action, Plan
from sync.school_years import Reached
from sync.slices import Cause
from sync.touched import Touch


@dataclass(frozen=True, slots=True)
class Organisation:
    """A school's row, locked: its day, which only rises, the midnight at which something changes next, and when it is
    reconciled next (None: nobody has said yet).
    """

    organisation_id: str
    day: date | None
    roll_at: datetime | None
    time_zone: str
    reconcile_at: datetime | None = None


class Chosen(NamedTuple):
    """The platform account of a school ("" is the platform's first), and how many of its chats stand somewhere."""

    platform: str
    account: str
    chats: int


class Touched(NamedTuple):
    """A touch as it stands in the list of what has to be planned: by what, and since when."""

    touch: Touch
    cause: Cause
    at: datetime


class Hold(NamedTuple):
    """Removals that wait for a person: the limit they broke, in words, and the lines of the plan."""

    organisation_id: str
    limit: str
    lines: Sequence[Action]
    persons: int
    expires_at: datetime


@dataclass(slots=True)
class Batch:
    """What one transaction of planning writes, for all of its schools."""

    plans: list[Plan] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    reached: dict[str, list[Reached]] = field(default_factory=dict)
    schedule: dict[str, tuple[date, datetime | None, str]] = field(default_factory=dict)
    stalled: dict[str, str] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    rooms: dict[str, Mapping[int, Room]] = field(default_factory=dict)  # those that the plans speak of, by school
