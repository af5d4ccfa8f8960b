"""Where everything stands: what was not planned yet, the outbox, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select

from adapters.database.read.busy import Busy, BusyRooms
from adapters.database.read.conditions import IN_NEED
from adapters.database.read.outbox import OutboxCounts
from adapters.database.read.schools import of_schools
from adapters.database.session import Session
from adapters.database.tables import dead_letters, offsets, organisations, places, rooms, strangers, touched
from sync.places import OPEN, OUT, TO_ADOPT
from sync.streams import Partition
from sync.views.registry import Schools
from sync.views.status import RoomInNeed, Stalled, StatusView

STRANGERS = "strangers"


class Status:
    def __init__(self, session: Session, busy: BusyRooms, outbox: OutboxCounts) -> None:
        self._session, self._busy, self._outbox = session, busy, outbox

    async def status(self, schools: Schools, now: datetime, ends: Mapping[Partition, range] | None) -> StatusView:
        """Read in the order of the road, so that nothing on its way is between two counts. `ends`: how far topics
        went before that; None where nobody knows.
        """
        lag, stopped = await self._lag(ends)
        unprocessed = await self._unprocessed(schools, now)
        busy = await self._busy.rooms(schools, now)
        outbox, waiting = await self._outbox.counts(busy, schools)
        return StatusView(
            lag_records=lag,
            inbox_unprocessed=unprocessed,
            outbox=outbox,
            oldest_pending_at=min((each.since for each in busy if each.since is not None), default=None),
            waiting=waiting,
            dead_letters=await self._count(_waiting_dead_letters()),
            stopped_partitions=stopped,
            stalled=await self._stalled(schools),
            needs_person=[room for each in busy for room in _in_need(each)] + await self._with_strangers(schools),
        )

    async def _lag(self, ends: Mapping[Partition, range] | None) -> tuple[int | None, list[str]]:
        """Records that no batch has handled, of the topics that are asked for; and the partitions that stand still."""
        rows = {Partition(row.topic, row.partition): row for row in await self._session.fetch(select(offsets))}
        stopped = [f"{topic}-{number}" for (topic, number), row in sorted(rows.items()) if row.stopped_at is not None]
        if ends is None:
            return None, stopped
        behind = (range(max(there.start, rows[of].next if of in rows else 0), there.stop) for of, there in ends.items())
        return sum(map(len, behind)), stopped

    async def _unprocessed(self, schools: Schools, now: datetime) -> int:
        left, rolls = select(func.count()).select_from(touched), _midnights_due(now)
        return await self._count(
            of_schools(self._session, left, touched.c.organisation_id, schools)
        ) + await self._count(of_schools(self._session, rolls, organisations.c.organisation_id, schools))

    async def _with_strangers(self, schools: Schools) -> list[RoomInNeed]:
        named = of_schools(self._session, _rooms_with_strangers(), rooms.c.organisation_id, schools)
        return [
            RoomInNeed(row.organisation_id, row.chat_id, row.external_chat_id, STRANGERS)
            for row in await self._session.fetch(named)
        ]

    async def _stalled(self, schools: Schools) -> list[Stalled]:
        failing = of_schools(self._session, _stalled_schools(), organisations.c.organisation_id, schools)
        rows = await self._session.fetch(failing)
        return [Stalled(row.organisation_id, row.stalled_error, row.next_try_at) for row in rows]

    async def _count(self, statement: Select[Any]) -> int:
        return int((await self._session.fetch(statement))[0][0])


def _in_need(busy: Busy) -> Iterable[RoomInNeed]:
    row = busy.room
    if busy.load.stuck and (row.wanted_life == OPEN or busy.load.persons):
        state = row.observed_life if row.observed_life in IN_NEED else TO_ADOPT
        yield RoomInNeed(row.organisation_id, row.chat_id, row.external_chat_id, state)


def _midnights_due(now: datetime) -> Select[Any]:
    return select(func.count()).select_from(organisations).where(organisations.c.roll_at <= now)


def _waiting_dead_letters() -> Select[Any]:
    return select(func.count()).select_from(dead_letters).where(dead_letters.c.state == "waiting")


def _stalled_schools() -> Select[Any]:
    columns = organisations.c.organisation_id, organisations.c.stalled_error, organisations.c.next_try_at
    failing = select(*columns).where(organisations.c.stalled_error.is_not(None))
    return failing.order_by(organisations.c.organisation_id)


def _rooms_with_strangers() -> Select[Any]:
    """Rooms of adopted chats with somebody in them who does not belong there: left to a person."""
    same = (places.c.room_no == strangers.c.room_no) & (places.c.account == strangers.c.account)
    expected = exists().where(same, places.c.wanted != OUT)
    return (
        select(rooms.c.organisation_id, rooms.c.chat_id, rooms.c.external_chat_id)
        .where(rooms.c.room_no.in_(select(strangers.c.room_no).where(~expected)))
        .order_by(rooms.c.organisation_id, rooms.c.chat_id, rooms.c.life)
    )
