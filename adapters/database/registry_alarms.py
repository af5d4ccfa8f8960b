"""Reading alarms: what somebody should look at, and what holds nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Text, and_, case, func, or_, select, text, type_coerce

from adapters.database.registry_holds import HoldReader
from adapters.database.tables import DIFFERS, organisations, places, rooms
from adapters.database.types import Instant
from sync.facts import EMPLOYMENT
from sync.places import ADMIN, IN, OPEN, OUT
from sync.timelines import holding
from sync.views.registry import Schools
from sync.views.status import LATE_REMOVAL, NO_ADMINISTRATOR, NO_STAFF, Alarm

LATE = timedelta(minutes=5)

STAFF = ("employed", "homeroom", "teaches", "chat_administrator")


_reasons = type_coerce(places.c.reasons, Text)


class AlarmReader(HoldReader):
    def of_schools(self, statement: Select[Any], table: Any, schools: Schools) -> Select[Any]:
        if schools is None:
            return statement
        given = self.rows([organisations.c.organisation_id], [(key,) for key in sorted(schools)])
        return statement.where(table.c.organisation_id.in_(select(given.c.organisation_id)))

    async def alarms(self, schools: Schools, now: datetime) -> list[Alarm]:
        """Of chats that are open on the platform, by what was last confirmed of them."""
        rows = await self.fetch(self.of_schools(_people_of_rooms(), rooms, schools))
        found = [Alarm(NO_ADMINISTRATOR, *_where(row)) for row in rows if not row.admins]
        unattended = [row for row in rows if row.students and not row.staff]
        by_hand = await self._employees_by_hand({row.room_no for row in unattended if row.by_hand})
        found += [Alarm(NO_STAFF, *_where(row)) for row in unattended if row.room_no not in by_hand]
        late = await self.fetch(self.of_schools(_late_removals(now - LATE), rooms, schools))
        found += [Alarm(LATE_REMOVAL, *_where(row)) for row in late]
        return sorted(found, key=lambda alarm: (alarm.organisation_id, alarm.chat_id, alarm.kind))

    async def _employees_by_hand(self, room_nos: Collection[int]) -> set[int]:
        """Those of the rooms in which an employee is who was added by hand."""
        present = [
            row
            for row in await self.matching(places, ("room_no",), [(room_no,) for room_no in room_nos])
            if row.observed in IN and any(reason == "added_by_hand" for reason, *_ in row.reasons)
        ]
        keys = {(row.organisation_id, row.person_id) for row in present}
        days = await self.days({school for school, _ in keys})
        words = await self.words(EMPLOYMENT, ("organisation_id", "employee_id"), keys)
        employed = {
            key for key in keys if _is_employed(holding((word for word in words if word.key == key), days[key[0]]))
        }
        return {row.room_no for row in present if (row.organisation_id, row.person_id) in employed}


def _is_employed(word: Any) -> bool:
    return word is not None and word.value.position_type is not None


def _where(row: Any) -> tuple[str, str, datetime | None]:
    return row.organisation_id, row.chat_id, row.since


def _people_of_rooms() -> Select[Any]:
    """Rooms with people in them where students have no staff, or nobody is administrator."""
    students = _count(_reasons.contains('"studies_in'))
    staff = _count(or_(*(_reasons.contains(f'"{reason}"') for reason in STAFF)))
    admins = _count(places.c.observed == ADMIN)
    return (
        select(
            rooms.c.room_no,
            rooms.c.organisation_id,
            rooms.c.chat_id,
            func.max(places.c.wanted_at, type_=Instant()).label("since"),
            students.label("students"),
            staff.label("staff"),
            admins.label("admins"),
            _count(_reasons.contains('"added_by_hand"')).label("by_hand"),
        )
        .join(places, places.c.room_no == rooms.c.room_no)
        .where(rooms.c.observed_life == OPEN, rooms.c.wanted_life == OPEN, places.c.observed.in_(sorted(IN)))
        .group_by(rooms.c.room_no, rooms.c.organisation_id, rooms.c.chat_id)
        .having(or_(admins == 0, and_(students > 0, staff == 0)))
    )


def _count(condition: Any) -> Any:
    return func.count(case((condition, 1)))


def _late_removals(before: datetime) -> Select[Any]:
    return (
        select(rooms.c.organisation_id, rooms.c.chat_id, func.min(places.c.wanted_at, type_=Instant()).label("since"))
        .join(places, places.c.room_no == rooms.c.room_no)
        .where(text(DIFFERS), places.c.wanted == OUT, places.c.wanted_at < before)
        .group_by(rooms.c.organisation_id, rooms.c.chat_id)
    )
