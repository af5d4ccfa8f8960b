"""Reading where everything stands: what was not planned yet, the outbox, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, select

from adapters.database.registry_outbox import IN_NEED, OutboxReader
from adapters.database.tables import dead_letters, offsets, organisations, places, rooms, strangers, touched
from sync.places import OPEN, OUT, TO_ADOPT
from sync.streams import Partition
from sync.views.registry import Schools
from sync.views.status import RoomInNeed, Stalled, StatusView

STRANGERS = "strangers"


class StatusReader(OutboxReader):
    async def status(self, schools: Schools, now: datetime, ends: Mapping[Partition, range] | None) -> StatusView:
        """Read in the order of the road, so that nothing on its way is between two counts. `ends`: how far topics
        went before that; None where nobody knows.
        """
        lag, stopped = await self._lag(ends)
        unprocessed = await self._unprocessed(schools, now)
        busy = await self.busy_rooms(schools, now)
        outbox, waiting = await self.outbox(busy, schools, now)
        return StatusView(
            lag_records=lag,
            inbox_unprocessed=unprocessed,
            outbox=outbox,
            oldest_pending_at=min((row.since for row in busy if row.since is not None), default=None),
            waiting=waiting,
            dead_letters=await self._dead_letters(),
            stopped_partitions=stopped,
            stalled=await self._stalled(schools),
            needs_person=[room for row in busy for room in self._in_need(row)] + await self._with_strangers(schools),
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

    def _in_need(self, row: Any) -> Iterable[RoomInNeed]:
        if self.stuck(row) and (row.wanted_life == OPEN or row.persons):
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
