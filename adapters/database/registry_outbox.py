"""Counting the outbox: what is on its way, room by room, and which persons wait or are refused."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select, text, union_all

from adapters.database.load.rows import room_of
from adapters.database.registry_alarms import AlarmReader
from adapters.database.registry_chats import ALL_CAN, makes_chats
from adapters.database.tables import DIFFERS, places, read_backs, rooms
from adapters.database.types import Instant
from sync.places import ARCHIVED, GONE, NEEDS_PERSON, NOBODY, OPEN, OUT, TO_ADOPT, UNKNOWN
from sync.standings import needs_person
from sync.views.registry import Schools
from sync.views.status import Outbox

IN_NEED = (GONE, NEEDS_PERSON, TO_ADOPT)


class OutboxReader(AlarmReader):
    async def outbox(self, busy: Sequence[Any], schools: Schools, now: datetime) -> tuple[Outbox, int]:
        """The outbox, out of the rooms that are busy, and how many persons wait."""
        flying = await self._flying(busy)
        counts = Counter[str]()
        for row in busy:
            counts.update(self._counted(row, flying.get(row.room_no, set()), now))
        found = Outbox(
            pending=counts["pending"],
            in_flight=counts["in_flight"],
            retrying=counts["retrying"],
            held=await self._count(places.c.hold_no.is_not(None), places.c.wanted == OUT, _is_there(), of=schools),
            refused=await self._count(*_REFUSED, of=schools),
        )
        return found, counts["waiting"] + await self._without_account(schools)

    async def busy_rooms(self, schools: Schools, now: datetime) -> list[Any]:
        """The rooms with something to do, or that need a person, each with its places that differ or are in doubt, by
        person.
        """
        differing = union_all(
            select(places.c.room_no, places.c.person_id, places.c.wanted, places.c.wanted_at).where(text(DIFFERS)),
            select(places.c.room_no, places.c.person_id, places.c.wanted, places.c.wanted_at).where(
                places.c.hold_no.is_not(None), places.c.observed == UNKNOWN
            ),
            select(places.c.room_no, places.c.person_id, places.c.wanted, places.c.wanted_at)
            .join(read_backs, _same_account())
            .where(read_backs.c.at <= now),
        ).subquery("differing")
        by_room = (
            select(
                differing.c.room_no,
                func.count(differing.c.person_id.distinct()).label("persons"),
                func.count(case((differing.c.wanted != OUT, differing.c.person_id)).distinct()).label("joining"),
                func.min(differing.c.wanted_at, type_=Instant()).label("since"),
            )
            .group_by(differing.c.room_no)
            .subquery("by_room")
        )
        busy = (
            select(rooms, by_room.c.persons, by_room.c.joining, by_room.c.since)
            .outerjoin(by_room, by_room.c.room_no == rooms.c.room_no)
            .where(or_(by_room.c.room_no.is_not(None), rooms.c.in_flight.is_not(None), _life_or_title_may_differ()))
            .order_by(rooms.c.organisation_id, rooms.c.chat_id, rooms.c.life)
        )
        return list(await self.fetch(self.of_schools(busy, rooms, schools)))

    async def _flying(self, rows: Iterable[Any]) -> Mapping[int, set[str]]:
        """The persons who differ in rooms with a call on its way."""
        numbers = [(row.room_no,) for row in rows if row.in_flight]
        found: dict[int, set[str]] = defaultdict(set)
        if numbers:
            given = self.rows([rooms.c.room_no], numbers)
            differ = select(places.c.room_no, places.c.person_id).where(
                places.c.room_no.in_(select(given.c.room_no)), text(DIFFERS)
            )
            for row in await self.fetch(differ):
                found[row.room_no].add(row.person_id)
        return found

    def _counted(self, row: Any, differing: set[str], now: datetime) -> dict[str, int]:
        if self.stuck(row):
            return {"waiting": row.joining or 0}
        own = 1 if self._room_differs(row) else 0
        persons = row.persons or 0
        if row.in_flight:
            on_the_way = set(row.in_flight["persons"].values())
            if not on_the_way:
                return {"in_flight": 1, "pending": persons}
            return {"in_flight": len(on_the_way), "pending": len(differing - on_the_way) + own}
        later = row.attempts > 0 and row.due_at is not None and row.due_at > now
        return {"retrying" if later else "pending": persons + own}

    def _room_differs(self, row: Any) -> bool:
        can = self.platforms.get(row.platform_token, ALL_CAN)
        if row.wanted_life == ARCHIVED and row.observed_life == OPEN and can.archives_chats:
            return True
        if row.observed_life == OPEN:
            return bool(row.observed_title != row.wanted_title[: can.title_length])
        return bool(row.observed_life == UNKNOWN)

    def stuck(self, row: Any) -> bool:
        return needs_person(room_of(row), makes_chats=makes_chats(row.platform_token, self.platforms))

    async def _count(self, *conditions: Any, of: Schools) -> int:
        """Persons by room whose place is so, less those counted with another place of theirs there that differs."""
        rows = select(places.c.room_no, places.c.person_id).where(*conditions, ~_counted_already()).distinct()
        chosen = self.of_schools(rows, places, of).subquery()
        return int((await self.fetch(select(func.count()).select_from(chosen)))[0][0])

    async def _without_account(self, schools: Schools) -> int:
        """Who waits, less who is counted by an old account: the few are looked for among the many, not the reverse."""
        waiting = places.alias("waiting")
        same = and_(
            waiting.c.organisation_id == places.c.organisation_id,
            waiting.c.person_id == places.c.person_id,
            waiting.c.room_no == places.c.room_no,
            waiting.c.account == NOBODY,
        )
        everybody = select(func.count()).select_from(places).where(places.c.account == NOBODY)
        leaving = (
            select(places.c.room_no, places.c.person_id).where(text(_PLACES_DIFFER), exists().where(same)).distinct()
        )
        counted = select(func.count()).select_from(self.of_schools(leaving, places, schools).subquery())
        found = await self.fetch(self.of_schools(everybody, places, schools))
        return int(found[0][0]) - int((await self.fetch(counted))[0][0])


# Where another alias of the table is in the statement, the outbox's condition has to name its own.
_PLACES_DIFFER = re.sub(r"\b(wanted|observed|account|hold_no|refused_for)\b", r"places.\1", DIFFERS)


def _same_account() -> Any:
    return and_(read_backs.c.room_no == places.c.room_no, read_backs.c.account == places.c.account)


def _is_there() -> Any:
    return places.c.observed.not_in([OUT, UNKNOWN])


_REFUSED = (
    places.c.refused_for == places.c.wanted,
    places.c.observed != places.c.wanted,
    places.c.observed != UNKNOWN,
    places.c.hold_no.is_(None),
    places.c.account != NOBODY,
)


def _counted_already() -> Any:
    other = places.alias("other")
    return exists().where(
        and_(
            other.c.organisation_id == places.c.organisation_id,
            other.c.person_id == places.c.person_id,
            other.c.room_no == places.c.room_no,
            other.c.account != places.c.account,
            other.c.account != NOBODY,
            other.c.wanted != other.c.observed,
            other.c.hold_no.is_(None),
            other.c.refused_for.is_distinct_from(other.c.wanted),
        )
    )


def _life_or_title_may_differ() -> Any:
    return or_(
        rooms.c.observed_life.in_([UNKNOWN, *IN_NEED]),
        and_(rooms.c.observed_life == OPEN, rooms.c.wanted_life == ARCHIVED),
        and_(rooms.c.observed_life == OPEN, rooms.c.observed_title.is_distinct_from(rooms.c.wanted_title)),
    )
