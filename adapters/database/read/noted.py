"""Alarms stored as rows, with the time at which they began."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from adapters.database.bulk import Bulk
from adapters.database.read.schools import of_schools, stalled_schools
from adapters.database.schema import dead_letters, heard_sources, offsets, organisations, passed_on, rooms
from adapters.database.types import Instant
from sync.alarms import (
    ACCOUNT_CHANGED_HANDS,
    PARTITION_STOPPED,
    PLANNING_STALLED,
    RIGHTS_LACKING,
    SOURCE_SILENT,
)
from sync.passing_on import SHOWN
from sync.places import NEEDS_PERSON
from sync.silence import TOLD_FOR
from sync.streams import HANDLING_FAILED
from sync.views.registry import Schools
from sync.views.status import Alarm


class NotedAlarms:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def alarms(self, schools: Schools, now: datetime) -> list[Alarm]:
        """A bad record names no school for certain, so a reader limited to some schools sees none."""
        found = [*await self._of_accounts(schools, now), *await self._of_rights(schools), *await self._stalled(schools)]
        found += await self._silent(schools, now)
        return found if schools is not None else [*found, *await self._set_apart(), *await self._stopped()]

    async def _of_accounts(self, schools: Schools, now: datetime) -> list[Alarm]:
        rows = await self._bulk.fetch(of_schools(_passed_on(now), rooms.c.organisation_id, schools))
        return [
            Alarm(ACCOUNT_CHANGED_HANDS, row.organisation_id, row.chat_id, since=row.since, detail=_whose(row))
            for row in rows
        ]

    async def _of_rights(self, schools: Schools) -> list[Alarm]:
        rows = await self._bulk.fetch(of_schools(_lacking(), rooms.c.organisation_id, schools))
        return [
            Alarm(RIGHTS_LACKING, row.organisation_id, row.chat_id, since=row.lacks_since, detail=row.lacks)
            for row in rows
        ]

    async def _stalled(self, schools: Schools) -> list[Alarm]:
        rows = await self._bulk.fetch(of_schools(stalled_schools(), organisations.c.organisation_id, schools))
        return [
            Alarm(PLANNING_STALLED, row.organisation_id, since=row.stalled_since, detail=row.stalled_error)
            for row in rows
        ]

    async def _silent(self, schools: Schools, now: datetime) -> list[Alarm]:
        rows = await self._bulk.fetch(of_schools(_overdue(now), heard_sources.c.organisation_id, schools))
        return [Alarm(SOURCE_SILENT, row.organisation_id, since=row.heard_at, detail=row.source) for row in rows]

    async def _set_apart(self) -> list[Alarm]:
        """Records that were set apart, and that nobody has looked at."""
        return [
            Alarm(HANDLING_FAILED, since=row.since, detail=f"{row.topic} {row.partition}: dead letter {row.no}")
            for row in await self._bulk.fetch(_records())
        ]

    async def _stopped(self) -> list[Alarm]:
        rows = await self._bulk.fetch(select(offsets).where(offsets.c.stopped_at.is_not(None)))
        return [
            Alarm(PARTITION_STOPPED, since=row.stopped_at, detail=f"{row.topic} {row.partition}: {row.stopped_why}")
            for row in rows
        ]


def _whose(row: Any) -> str:
    """The person who held the account; of several the first."""
    others = f" and {row.accounts - 1} others" if row.accounts > 1 else ""
    return f"another person holds the account of {row.person_id}{others}"


def _passed_on(now: datetime) -> Select[Any]:
    """By chat."""
    room = (rooms.c.organisation_id, rooms.c.chat_id)
    since = func.min(passed_on.c["at"], type_=Instant()).label("since")
    who = (func.min(passed_on.c.person_id).label("person_id"), func.count(passed_on.c.account).label("accounts"))
    chosen = select(*room, since, *who).join(passed_on, passed_on.c.room_no == rooms.c.room_no)
    return chosen.where(passed_on.c["at"] > now - SHOWN).group_by(*room)


def _overdue(now: datetime) -> Select[Any]:
    of = heard_sources.c
    overdue = select(heard_sources).where(of.expected_by < now, of.heard_at > now - TOLD_FOR)
    return overdue.order_by(of.organisation_id, of.source)


def _lacking() -> Select[Any]:
    """Chats in which we lack a right, even if everything else there goes on."""
    of = rooms.c
    lacking = or_(of.lacks.is_not(None), of.observed_life == NEEDS_PERSON)
    return select(of.organisation_id, of.chat_id, of.lacks, of.lacks_since).where(lacking)


def _records() -> Select[Any]:
    """The first of each partition."""
    of = dead_letters.c
    no, since = func.min(of.no).label("no"), func.min(of.received_at, type_=Instant()).label("since")
    chosen = select(of.topic, of.partition, no, since).where(of.reason == HANDLING_FAILED, of.state == "waiting")
    return chosen.group_by(of.topic, of.partition)
