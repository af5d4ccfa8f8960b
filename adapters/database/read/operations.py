"""How it goes, over the database: status and its alarms, what waits for a person, and whether it answers at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from adapters.database.read.queries import Queries
from adapters.database.tables import organisations
from sync.errors import StoreUnavailable, TopicsUnavailable
from sync.streams import DeadLetter, Partition
from sync.views.operations import DeadLetterView, HoldView
from sync.views.registry import Ends, Listed, Schools, Window
from sync.views.status import Alarm, StatusView

SLOW_S = 0.25
KEPT_TIMES = 20


class DatabaseOperations:
    """Alarms that took long to find are told again from memory for `KEPT_TIMES` as long, so that watching a whole
    region costs it no more than a twentieth of a processor.
    """

    def __init__(
        self,
        reading: Callable[[], AbstractAsyncContextManager[Queries]],
        ends: Ends,
        monotonic: Callable[[], float],
    ) -> None:
        self._reading, self._ends, self._monotonic = reading, ends, monotonic
        self._alarms: dict[Schools, tuple[float, Sequence[Alarm]]] = {}

    async def dead_letters(self, schools: Schools, window: Window) -> Listed[DeadLetterView]:
        async with self._reading() as read:
            return await read.dead_letters.dead_letters(schools, window)

    async def dead_letter(self, number: int) -> tuple[DeadLetter, DeadLetterView] | None:
        async with self._reading() as read:
            return await read.dead_letters.dead_letter(number)

    async def holds(self, schools: Schools, window: Window) -> Listed[HoldView]:
        async with self._reading() as read:
            return await read.holds.holds(schools, window)

    async def status(self, schools: Schools, now: datetime) -> StatusView:
        ends, lag_error = await self._asked_ends()
        async with self._reading() as read:
            status = await read.status.status(schools, now, ends)
            return replace(status, lag_error=lag_error, alarms=await self._alarms_of(read, schools, now))

    async def _asked_ends(self) -> tuple[Mapping[Partition, range] | None, str | None]:
        """How far topics go: asked before anything is read, so that what is on its way is met further on."""
        try:
            return await self._ends(), None
        except TopicsUnavailable as error:
            return None, str(error)

    async def _alarms_of(self, read: Queries, schools: Schools, now: datetime) -> Sequence[Alarm]:
        begun = self._monotonic()
        until, alarms = self._alarms.get(schools, (begun, ()))
        if begun < until:
            return alarms
        alarms = await read.alarms.alarms(schools, now)
        ended = self._monotonic()
        self._alarms.pop(schools, None)
        if ended - begun > SLOW_S:
            self._alarms[schools] = ended + KEPT_TIMES * (ended - begun), alarms
        return alarms

    async def ready(self) -> bool:
        try:
            async with self._reading() as read:
                await read.session.fetch(select(organisations.c.organisation_id).limit(1))
        except (StoreUnavailable, DBAPIError):
            return False
        return True
