"""Where everything stands: what was not planned yet, the outbox, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from adapters.database.bulk import Bulk
from adapters.database.read.busy import Busy, BusyRooms
from adapters.database.read.conditions import IN_NEED
from adapters.database.read.looks import LooksFound
from adapters.database.read.outbox import OutboxCounts
from adapters.database.read.reconciles import Reconciles
from adapters.database.read.schools import of_schools, stalled_schools
from adapters.database.schema import affected, dead_letters, offsets, organisations
from sync.places import ARCHIVED, OPEN, TO_ADOPT
from sync.streams import Partition
from sync.views.registry import Schools
from sync.views.status import RoomInNeed, Stalled, StatusView


class Status:
    def __init__(
        self, bulk: Bulk, busy: BusyRooms, outbox: OutboxCounts, looks: LooksFound, reconciles: Reconciles
    ) -> None:
        self._bulk, self._busy, self._outbox, self._looks, self._reconciles = bulk, busy, outbox, looks, reconciles

    async def status(self, schools: Schools, now: datetime, ends: Mapping[Partition, range] | None) -> StatusView:
        """Read in the order of the road, so that nothing on its way is between two counts. `ends`: how far topics
        went before that; None where nobody knows.
        """
        lag, stopped = await self._lag(ends)
        unprocessed = await self._unprocessed(schools, now)
        busy = await self._busy.rooms(schools, now)
        outbox, waiting = await self._outbox.counts(busy, schools)
        oldest = await self._looks.oldest(schools)
        return StatusView(
            lag_records=lag,
            inbox_unprocessed=unprocessed,
            outbox=outbox,
            oldest_pending_at=min((each.since for each in busy if each.since is not None), default=None),
            waiting=waiting,
            dead_letters=0 if schools is not None else await self._count(_waiting_dead_letters()),
            stopped_partitions=stopped,
            stalled=await self._stalled(schools),
            needs_person=[room for each in busy for room in _in_need(each)] + await self._looks.in_need(schools),
            reconciled_at=await self._reconciles.last_ended_at(schools),
            oldest_look_at=None if oldest is None else oldest.looked_at,
        )

    async def _lag(self, ends: Mapping[Partition, range] | None) -> tuple[int | None, list[str]]:
        """Records that no batch has handled, of the topics that are asked for; and the partitions that stand still.
        Where topics were read and none is named here, nobody knows.
        """
        rows = {Partition(row.topic, row.partition): row for row in await self._bulk.fetch(select(offsets))}
        stopped = [f"{topic}-{number}" for (topic, number), row in sorted(rows.items()) if row.stopped_at is not None]
        if ends is None or (rows and not ends):
            return None, stopped
        behind = (range(max(there.start, rows[of].next if of in rows else 0), there.stop) for of, there in ends.items())
        return sum(map(len, behind)), stopped

    async def _unprocessed(self, schools: Schools, now: datetime) -> int:
        left, rolls = select(func.count()).select_from(affected), _midnights_due(now)
        return await self._count(of_schools(left, affected.c.organisation_id, schools)) + await self._count(
            of_schools(rolls, organisations.c.organisation_id, schools)
        )

    async def _stalled(self, schools: Schools) -> list[Stalled]:
        failing = of_schools(stalled_schools(), organisations.c.organisation_id, schools)
        rows = await self._bulk.fetch(failing)
        return [Stalled(row.organisation_id, row.stalled_error, row.next_try_at, row.stalled_since) for row in rows]

    async def _count(self, statement: Select[Any]) -> int:
        return int((await self._bulk.fetch(statement))[0][0])


def _in_need(busy: Busy) -> Iterable[RoomInNeed]:
    row = busy.room
    if busy.load.stuck and (row.wanted_life == OPEN or busy.load.persons):
        state = row.observed_life if row.observed_life in {ARCHIVED, *IN_NEED} else TO_ADOPT
        yield RoomInNeed(row.organisation_id, row.chat_id, row.external_chat_id, state)


def _midnights_due(now: datetime) -> Select[Any]:
    return select(func.count()).select_from(organisations).where(organisations.c.roll_at <= now)


def _waiting_dead_letters() -> Select[Any]:
    return select(func.count()).select_from(dead_letters).where(dead_letters.c.state == "waiting")
