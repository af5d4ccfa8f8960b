"""What looks found and could not settle by themselves, and how long ago rooms were looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from adapters.database.bulk import Bulk
from adapters.database.read.schools import of_schools
from adapters.database.schema import places, rooms, strangers
from adapters.database.types import Instant
from sync.alarms import LOOK_LATE, LOOK_LATE_AFTER, RETURNED, STRANGER
from sync.looks import ASK, RETURNED_SHOWN
from sync.places import ARCHIVED, IN, OPEN, OUT
from sync.views.registry import Schools
from sync.views.status import Alarm, RoomInNeed
from sync.wording import number_of

STRANGERS = "strangers"


class LooksFound:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def oldest(self, schools: Schools) -> Any:
        """The row of the room that was looked at longest ago; None where there is no room to look at."""
        rows = await self._bulk.fetch(self._of(_oldest(), schools))
        return rows[0] if rows else None

    async def in_need(self, schools: Schools) -> list[RoomInNeed]:
        """Chats with strangers about whom a person has to decide."""
        return [
            RoomInNeed(row.organisation_id, row.chat_id, row.external_chat_id, STRANGERS)
            for row in await self._bulk.fetch(self._of(_with_strangers(), schools))
        ]

    async def alarms(self, schools: Schools, now: datetime) -> list[Alarm]:
        found = [
            Alarm(
                STRANGER, row.organisation_id, row.chat_id, since=row.since, detail=number_of(row.accounts, "account")
            )
            for row in await self._bulk.fetch(self._of(_with_strangers(), schools))
        ]
        found += [
            Alarm(RETURNED, row.organisation_id, row.chat_id, since=row.since)
            for row in await self._bulk.fetch(self._of(_with_returned(now), schools))
        ]
        oldest = await self.oldest(schools)
        if oldest is not None and oldest.looked_at < now - LOOK_LATE_AFTER:
            found.append(Alarm(LOOK_LATE, oldest.organisation_id, oldest.chat_id, since=oldest.looked_at))
        return found

    def _of(self, statement: Select[Any], schools: Schools) -> Select[Any]:
        return of_schools(statement, rooms.c.organisation_id, schools)


def _there() -> ColumnElement[bool]:
    return rooms.c.external_chat_id.is_not(None) & rooms.c.observed_life.in_([OPEN, ARCHIVED])


def _oldest() -> Select[Any]:
    seen = select(rooms.c.organisation_id, rooms.c.chat_id, rooms.c.looked_at)
    return seen.where(_there(), rooms.c.looked_at.is_not(None)).order_by(rooms.c.looked_at).limit(1)


def _with_strangers() -> Select[Any]:
    """A stranger who has become wanted there is one no longer, even before the next look."""
    same = (places.c.room_no == strangers.c.room_no) & (places.c.account == strangers.c.account)
    expected = exists().where(same, places.c.wanted != OUT)
    room = (rooms.c.organisation_id, rooms.c.chat_id, rooms.c.external_chat_id)
    return (
        select(
            *room,
            func.min(strangers.c.seen_at, type_=Instant()).label("since"),
            func.count(strangers.c.account).label("accounts"),
        )
        .join(strangers, strangers.c.room_no == rooms.c.room_no)
        .where(strangers.c.decision == ASK, ~expected)
        .group_by(*room)
        .order_by(rooms.c.organisation_id, rooms.c.chat_id)
    )


def _with_returned(now: datetime) -> Select[Any]:
    """Returned persons who are still there, and for a while those who were taken out again."""
    shown = or_(places.c.observed.in_(sorted(IN)), places.c.returned_at > now - RETURNED_SHOWN)
    return (
        select(
            rooms.c.organisation_id,
            rooms.c.chat_id,
            func.min(places.c.returned_at, type_=Instant()).label("since"),
        )
        .join(places, places.c.room_no == rooms.c.room_no)
        .where(places.c.returned_at.is_not(None), places.c.wanted == OUT, places.c.hold_no.is_(None), shown)
        .group_by(rooms.c.organisation_id, rooms.c.chat_id)
    )
