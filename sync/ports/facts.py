"""The port for reading and writing facts during ingestion."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from sync.facts import (
    ATTENDANCE,
    CHAT_STATE,
    CLASS_STATE,
    EMPLOYMENT,
    GROUP_STATE,
    PLACEMENT,
    POSITION,
    REGISTRATION,
    FactType,
    Key,
)
from sync.ids import OrganisationId
from sync.timelines import Timeline

Fact = tuple[FactType, Key]

ANNOUNCED: Mapping[str, tuple[FactType, ...]] = {
    "organisation": (REGISTRATION,),
    "class": (CLASS_STATE,),
    "group": (GROUP_STATE,),
    "chat": (CHAT_STATE,),
    "employee": (EMPLOYMENT, POSITION),
    "student": (ATTENDANCE, PLACEMENT),
}
"""The facts whose assertion announces an entity, by entity."""


class Facts(Protocol):
    """The facts of schools, whose rows are locked."""

    async def timelines(self, facts: Collection[Fact]) -> dict[Fact, Timeline]:
        """The timelines of facts; facts without any assertion are not in it."""

    async def write_timelines(self, changes: Mapping[Fact, tuple[Timeline, Timeline]]) -> None:
        """Writes timelines, given as before and after."""

    async def announced(self, names: Collection[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
        """Which of (organisation, entity, id) are announced in that school; entity is one of ANNOUNCED."""

    async def starting(self, rolls: Mapping[OrganisationId, tuple[date, date]]) -> dict[Fact, Timeline]:
        """The timelines in which an assertion starts in (after, until], by school."""

    async def next_starts(self, after: Mapping[OrganisationId, date]) -> dict[OrganisationId, date]:
        """The first day later than the given one on which something starts, by school; none: not in it."""
