"""Alarms: fetches what `sync.alarms` decides on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Select, exists, func, or_, select

from adapters.database.bulk import Bulk
from adapters.database.portions import portions
from adapters.database.read.busy import BusyRooms
from adapters.database.read.conditions import lingers
from adapters.database.read.loaded import Loaded
from adapters.database.read.looks import LooksFound
from adapters.database.read.noted import NotedAlarms
from adapters.database.read.rooms import ROOMS_AT_ONCE, view_of
from adapters.database.read.rosters import ORGANISATION, Rosters
from adapters.database.read.schools import of_schools
from adapters.database.schema import places, rooms
from adapters.database.types import Instant
from sync.alarms import LATE_AFTER, REMOVAL_LATE, added_by_hand, alarms_of_chat
from sync.facts import EMPLOYMENT, POSITION
from sync.ids import OrganisationId, PersonId, RoomNo
from sync.places import ADMIN, OPEN
from sync.roster import Roster
from sync.views.registry import Schools
from sync.views.status import Alarm

Person = tuple[OrganisationId, PersonId]  # (organisation, person)


class Alarms:
    def __init__(self, bulk: Bulk, loaded: Loaded, rosters: Rosters, busy: BusyRooms, looks: LooksFound) -> None:
        self._bulk, self._loaded, self._rosters, self._busy, self._looks = bulk, loaded, rosters, busy, looks
        self._noted = NotedAlarms(bulk)

    async def alarms(self, schools: Schools, now: datetime) -> list[Alarm]:
        """Alarms by school, chat and kind, of chats that are open on the platform, from what was last confirmed."""
        found = [*await self._of_people(schools), *await self._late_removals(schools, now)]
        found += await self._looks.alarms(schools, now)
        found += await self._noted.alarms(schools, now)
        return sorted(found, key=lambda alarm: (alarm.organisation_id or "", alarm.chat_id or "", alarm.kind))

    async def _of_people(self, schools: Schools) -> list[Alarm]:
        chosen = of_schools(_rooms_without_administrator(), rooms.c.organisation_id, schools)
        found: list[Alarm] = []
        async for of_rooms in portions(await self._bulk.fetch(chosen), ROOMS_AT_ONCE):
            found += await self._of_rooms(of_rooms)
        return found

    async def _of_rooms(self, of_rooms: Sequence[Any]) -> list[Alarm]:
        in_rooms: dict[RoomNo, list[Any]] = {room.room_no: [] for room in of_rooms}
        for row in await self._bulk.matching(places, ("room_no",), [(number,) for number in in_rooms]):
            in_rooms[row.room_no].append(row)
        views = {number: list(map(view_of, rows)) for number, rows in in_rooms.items()}
        by_hand = {(room.organisation_id, person) for room in of_rooms for person in added_by_hand(views[room.room_no])}
        employed = await self._employed(by_hand)
        return [
            Alarm(kind, room.organisation_id, room.chat_id, since=_latest_wish(in_rooms[room.room_no]))
            for room in of_rooms
            for kind in alarms_of_chat(views[room.room_no], employed.get(room.organisation_id, ()))
        ]

    async def _employed(self, persons: Collection[Person]) -> dict[OrganisationId, set[PersonId]]:
        """Those of the persons who work at their school, by school."""
        days = await self._rosters.days({school for school, _ in persons})
        facts = await self._loaded.facts((EMPLOYMENT, POSITION), (ORGANISATION, "employee_id"), persons)
        rosters = {school: Roster(school, day, facts) for school, day in days.items()}
        employed: dict[OrganisationId, set[PersonId]] = {school: set() for school in days}
        for school, person in persons:
            if school in rosters and rosters[school].employed(person) is not None:
                employed[school].add(person)
        return employed

    async def _late_removals(self, schools: Schools, now: datetime) -> list[Alarm]:
        """Late removals, in busy rooms and in rooms with a refused removal, which are no longer due."""
        given = self._busy.given(await self._busy.numbers(schools))
        late = of_schools(_late(given, now - LATE_AFTER), rooms.c.organisation_id, schools)
        rows = await self._bulk.fetch(late)
        return [Alarm(REMOVAL_LATE, row.organisation_id, row.chat_id, since=row.since) for row in rows]


def _latest_wish(rows: Sequence[Any]) -> datetime | None:
    return max((row.wanted_at for row in rows if row.wanted_at is not None), default=None)


def _rooms_without_administrator() -> Select[Any]:
    """Open rooms with no administrator who is to be one. All others have staff: only employees administrate chats."""
    administrates = exists().where(
        places.c.room_no == rooms.c.room_no,
        places.c.observed == ADMIN,
        places.c.wanted == ADMIN,
        places.c.hold_no.is_(None),
    )
    is_open = (rooms.c.observed_life == OPEN) & (rooms.c.wanted_life == OPEN)
    return select(rooms.c.room_no, rooms.c.organisation_id, rooms.c.chat_id).where(is_open, ~administrates)


def _late(given: FromClause, before: datetime) -> Select[Any]:
    """Chats with removals wanted before then that are not applied, in the given rooms or refused anywhere."""
    where = or_(places.c.room_no.in_(select(given.c.room_no)), places.c.refused_for.is_not(None))
    return (
        select(rooms.c.organisation_id, rooms.c.chat_id, func.min(places.c.wanted_at, type_=Instant()).label("since"))
        .join(places, places.c.room_no == rooms.c.room_no)
        .where(where, lingers(places), places.c.wanted_at < before)
        .group_by(rooms.c.organisation_id, rooms.c.chat_id)
    )
