"""Counts of the outbox: what is in transit, room by room, and which persons wait or are refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import FromClause, Select, and_, exists, func, select

from adapters.database.bulk import Bulk
from adapters.database.read.busy import Busy, BusyRooms
from adapters.database.read.conditions import differs, held, refused, waits
from adapters.database.read.schools import of_schools
from adapters.database.schema import places
from sync.outbox import IN_FLIGHT, PENDING, RETRYING, WAITING, counts
from sync.views.registry import Schools
from sync.views.status import Outbox


class OutboxCounts:
    def __init__(self, bulk: Bulk, busy: BusyRooms) -> None:
        self._bulk, self._busy = bulk, busy

    async def counts(self, busy: Sequence[Busy], schools: Schools) -> tuple[Outbox, int]:
        """The outbox, out of the rooms that are busy, and how many persons wait."""
        counted = Counter[str]()
        for room in busy:
            counted.update(counts(room.load))
        found = Outbox(
            pending=counted[PENDING],
            in_flight=counted[IN_FLIGHT],
            retrying=counted[RETRYING],
            held=await self._count(_persons(held(places)), schools),
            refused=await self._count(_persons(refused(places)), schools),
        )
        return found, counted[WAITING] + await self._without_account(busy, schools)

    async def _without_account(self, busy: Sequence[Busy], schools: Schools) -> int:
        """The number of waiting persons, less those counted by an old account. The few are looked up among the many."""
        given = self._busy.given([each.room.room_no for each in busy])
        waiting = await self._count(select(places.c.room_no).where(waits(places)), schools)
        return waiting - await self._count(_leaving_and_waiting(given), schools)

    async def _count(self, statement: Select[Any], schools: Schools) -> int:
        chosen = of_schools(statement, places.c.organisation_id, schools).subquery()
        return int((await self._bulk.fetch(select(func.count()).select_from(chosen)))[0][0])


def _persons(condition: Any) -> Select[Any]:
    """Persons by room with a place like this, less those counted with another place of theirs there that differs."""
    other = places.alias("other")
    counted = exists().where(_same_person(other), other.c.account != places.c.account, differs(other))
    return select(places.c.room_no, places.c.person_id).where(condition, ~counted).distinct()


def _leaving_and_waiting(given: FromClause) -> Select[Any]:
    """Persons by room, of the given rooms, who wait there and have a place by an old account that differs."""
    waiting = places.alias("waiting")
    waits_too = exists().where(_same_person(waiting), waits(waiting))
    own = given.c.room_no == places.c.room_no
    return select(places.c.room_no, places.c.person_id).join(given, own).where(differs(places), waits_too).distinct()


def _same_person(other: Any) -> Any:
    return and_(*(other.c[name] == places.c[name] for name in ("organisation_id", "person_id", "room_no")))
