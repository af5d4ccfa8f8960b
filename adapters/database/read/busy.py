"""Rooms that have something to do or need a person, and what there is to do in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Select, case, func, or_, select, tuple_

from adapters.database.bulk import Bulk
from adapters.database.read.conditions import busy, differs
from adapters.database.read.platforms import Platforms
from adapters.database.read.schools import of_schools
from adapters.database.rows import room_of
from adapters.database.schema import places, read_backs, rooms
from adapters.database.types import Instant
from sync.outbox import Load, room_differs
from sync.places import OPEN, OUT
from sync.platform import Capabilities
from sync.views.registry import Schools


@dataclass(frozen=True, slots=True)
class Busy:
    """A room's row, what there is to do in it, and since when."""

    room: Any
    load: Load
    since: datetime | None


class BusyRooms:
    def __init__(self, bulk: Bulk, platforms: Platforms) -> None:
        self._bulk, self._platforms = bulk, platforms

    async def numbers(self, schools: Schools) -> list[int]:
        chosen = select(rooms.c.room_no).where(busy(self._platforms))
        return [row.room_no for row in await self._bulk.fetch(self._of(chosen, schools))]

    async def rooms(self, schools: Schools, now: datetime) -> list[Busy]:
        """The rooms by school, chat and life. They are read before their places: what a plan makes due in between is
        already counted as unplanned.
        """
        chosen = select(rooms).where(busy(self._platforms))
        ordered = chosen.order_by(rooms.c.organisation_id, rooms.c.chat_id, rooms.c.life)
        rows = await self._bulk.fetch(self._of(ordered, schools))
        given = self.given([row.room_no for row in rows])
        left = {row.room_no: row for row in await self._bulk.fetch(_left_in(given, now))}
        differing = await self._differing([row.room_no for row in rows if row.in_flight])
        return [self._busy(row, left.get(row.room_no), differing.get(row.room_no, ()), now) for row in rows]

    def given(self, numbers: Collection[int]) -> FromClause:
        """The rooms of these numbers, as a table in a statement."""
        return self._bulk.rows([rooms.c.room_no], [(number,) for number in numbers])

    def _of(self, statement: Select[Any], schools: Schools) -> Select[Any]:
        return of_schools(statement, rooms.c.organisation_id, schools)

    async def _differing(self, numbers: Sequence[int]) -> Mapping[int, Collection[str]]:
        """The persons whose places differ, in rooms with a call in flight."""
        found: dict[int, set[str]] = defaultdict(set)
        if numbers:
            for row in await self._bulk.fetch(_persons_who_differ(self.given(numbers))):
                found[row.room_no].add(row.person_id)
        return found

    def _busy(self, row: Any, left: Any, differing: Collection[str], now: datetime) -> Busy:
        lives = row.wanted_life, row.observed_life
        title = row.wanted_title if row.kept_for == row.wanted_title else row.observed_title
        can = self._platforms.of(row.platform_token)
        load = Load(
            persons=left.persons if left is not None else 0,
            joining=left.joining if left is not None else 0,
            differs=room_differs(*lives, row.wanted_title, title, can) or _to_tell(row, can),
            flying=set(row.in_flight["persons"].values()) if row.in_flight else None,
            differing=differing,
            stuck=self._platforms.stuck(room_of(row), row.platform_token),
            later=row.attempts > 0 and row.due_at is not None and row.due_at > now,
        )
        return Busy(row, load, left.since if left is not None else None)


def _to_tell(row: Any, can: Capabilities) -> bool:
    """Whether the people of a room that is left are still to be told so."""
    return bool(can.writes and row.observed_life == OPEN and row.left_for not in {None, row.told_for})


def _left_in(given: FromClause, now: datetime) -> Select[Any]:
    """How many persons differ, or are to be read back now, in each of the given rooms."""
    asked = select(read_backs.c.room_no, read_backs.c.account).where(read_backs.c.at <= now)
    return (
        select(
            places.c.room_no,
            func.count(places.c.person_id.distinct()).label("persons"),
            func.count(case((places.c.wanted != OUT, places.c.person_id)).distinct()).label("joining"),
            func.min(places.c.wanted_at, type_=Instant()).label("since"),
        )
        .join(given, given.c.room_no == places.c.room_no)
        .where(or_(differs(places), tuple_(places.c.room_no, places.c.account).in_(asked)))
        .group_by(places.c.room_no)
    )


def _persons_who_differ(given: FromClause) -> Select[Any]:
    own = given.c.room_no == places.c.room_no
    return select(places.c.room_no, places.c.person_id).join(given, own).where(differs(places))
