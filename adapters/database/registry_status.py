"""Reading where everything stands: what was not planned yet, the outbox, and what waits for whom."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select, text, union_all

from adapters.database.registry_alarms import AlarmReader
from adapters.database.registry_chats import ALL_CAN, makes_chats
from adapters.database.rows import room_of
from adapters.database.tables import (
    DIFFERS,
    dead_letters,
    offsets,
    organisations,
    places,
    read_backs,
    rooms,
    strangers,
    touched,
)
from adapters.database.types import Instant
from sync.places import ARCHIVED, GONE, NEEDS_PERSON, NOBODY, OPEN, OUT, TO_ADOPT, UNKNOWN
from sync.standings import needs_person
from sync.streams import Partition
from sync.views.registry import Schools
from sync.views.status import Outbox, RoomInNeed, Stalled, StatusView

STRANGERS = "strangers"
IN_NEED = (GONE, NEEDS_PERSON, TO_ADOPT)


class StatusReader(AlarmReader):
    async def status(self, schools: Schools, now: datetime, ends: Mapping[Partition, range] | None) -> StatusView:
        """Read in the order of the road, so that nothing on its way is between two counts. `ends`: how far topics
        went before that; None where nobody knows.
        """
        lag, stopped = await self._lag(ends)
        unprocessed = await self._unprocessed(schools, now)
        rows = await self._busy_rooms(schools, now)
        flying = await self._flying(rows)
        counts = Counter[str]()
        for row in rows:
            counts.update(self._counted(row, flying.get(row.room_no, set()), now))
        pending_since = min((row.since for row in rows if row.since is not None), default=None)
        return StatusView(
            lag_records=lag,
            inbox_unprocessed=unprocessed,
            outbox=Outbox(
                pending=counts["pending"],
                in_flight=counts["in_flight"],
                retrying=counts["retrying"],
                held=await self._count(places.c.hold_no.is_not(None), places.c.wanted == OUT, _is_there(), of=schools),
                refused=await self._count(*_REFUSED, of=schools),
            ),
            oldest_pending_at=pending_since,
            waiting=counts["waiting"] + await self._without_account(schools),
            dead_letters=await self._dead_letters(),
            stopped_partitions=stopped,
            stalled=await self._stalled(schools),
            needs_person=[room for row in rows for room in self._in_need(row)] + await self._with_strangers(schools),
        )

    async def _lag(self, ends: Mapping[Partition, range] | None) -> tuple[int | None, list[str]]:
        """Records that no batch has handled, of the topics that are asked for; and the partitions that stand still."""
        rows = {Partition(row.topic, row.partition): row for row in await self.fetch(select(offsets))}
        stopped = [f"{topic}-{number}" for (topic, number), row in sorted(rows.items()) if row.stopped_at is not None]
        if ends is None:
            return None, stopped
        behind = (range(max(there.start, rows[of].next if of in rows else 0), there.stop) for of, there in ends.items())
        return sum(map(len, behind)), stopped

    async def _unprocessed(self, schools: Schools, now: datetime) -> int:
        left = self.of_schools(select(func.count()).select_from(touched), touched, schools)
        due = select(func.count()).select_from(organisations).where(organisations.c.roll_at <= now)
        rolls = self.of_schools(due, organisations, schools)
        return int((await self.fetch(left))[0][0]) + int((await self.fetch(rolls))[0][0])

    async def _busy_rooms(self, schools: Schools, now: datetime) -> list[Any]:
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
        if self._stuck(row):
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

    def _stuck(self, row: Any) -> bool:
        return needs_person(room_of(row), makes_chats=makes_chats(row.platform_token, self.platforms))

    def _in_need(self, row: Any) -> Iterable[RoomInNeed]:
        if self._stuck(row) and (row.wanted_life == OPEN or row.persons):
            state = row.observed_life if row.observed_life in IN_NEED else TO_ADOPT
            yield RoomInNeed(row.organisation_id, row.chat_id, row.external_chat_id, state)

    async def _with_strangers(self, schools: Schools) -> list[RoomInNeed]:
        """Adopted chats with somebody in them who does not belong there: left to a person."""
        expected = exists().where(
            and_(
                places.c.room_no == strangers.c.room_no, places.c.account == strangers.c.account, places.c.wanted != OUT
            )
        )
        found = (
            select(rooms.c.organisation_id, rooms.c.chat_id, rooms.c.external_chat_id)
            .where(rooms.c.room_no.in_(select(strangers.c.room_no).where(~expected)))
            .order_by(rooms.c.organisation_id, rooms.c.chat_id, rooms.c.life)
        )
        named = await self.fetch(self.of_schools(found, rooms, schools))
        return [RoomInNeed(row.organisation_id, row.chat_id, row.external_chat_id, STRANGERS) for row in named]

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

    async def _dead_letters(self) -> int:
        waiting = select(func.count()).select_from(dead_letters).where(dead_letters.c.state == "waiting")
        return int((await self.fetch(waiting))[0][0])

    async def _stalled(self, schools: Schools) -> list[Stalled]:
        failing = (
            select(organisations.c.organisation_id, organisations.c.stalled_error, organisations.c.next_try_at)
            .where(organisations.c.stalled_error.is_not(None))
            .order_by(organisations.c.organisation_id)
        )
        rows: Select[Any] = self.of_schools(failing, organisations, schools)
        return [Stalled(row.organisation_id, row.stalled_error, row.next_try_at) for row in await self.fetch(rows)]


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
