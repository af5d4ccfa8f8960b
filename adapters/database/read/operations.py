"""Operations, read from the database: status and alarms, what waits for a person, and readiness."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime

from adapters.database.read.queries import Queries
from sync.alarms import CLOCK_JUMPED, alarm_of_account
from sync.errors import StoreFailed, StoreUnavailable, TopicsUnavailable
from sync.ids import OrganisationId
from sync.streams import DeadLetter, Partition
from sync.views.operations import DeadLetterView, GuardLimitsView, HoldView
from sync.views.reconciles import ReconcileView
from sync.views.registry import Ends, Listed, Schools, Window
from sync.views.status import Alarm, PlatformAccount, Readiness, StatusView

SLOW_S = 0.25
KEPT_TIMES = 20

AWAY = "the database does not answer"
NO_TABLES = "the database has no tables yet, or not those of this version (rollcall db upgrade)"
TAKES_NOTHING = "the database takes nothing: its disk is full, or its file read-only, deleted or replaced"

NO_KAFKA = "topics were read into this database, and no Kafka is named here (ROLLCALL_KAFKA_BOOTSTRAP_SERVERS)"


class DatabaseOperations:
    """Alarms that took long to find are cached for `KEPT_TIMES` as long, so that monitoring a whole region costs at
    most a twentieth of a processor.
    """

    def __init__(
        self,
        reading: Callable[[], AbstractAsyncContextManager[Queries]],
        ends: Ends,
        monotonic: Callable[[], float],
        writable: Callable[[], Awaitable[bool]],
        jumped_at: Callable[[], datetime | None],
    ) -> None:
        self._reading, self._ends, self._monotonic = reading, ends, monotonic
        self._writable, self._jumped_at = writable, jumped_at
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

    async def hold(self, number: int, schools: Schools) -> HoldView | None:
        async with self._reading() as read:
            return await read.holds.hold(number, schools)

    async def guard_limits(self) -> Sequence[GuardLimitsView]:
        async with self._reading() as read:
            return await read.guard_limits.listed()

    async def reconcile(self, organisation_id: OrganisationId) -> ReconcileView | None:
        async with self._reading() as read:
            return await read.reconciles.last(organisation_id)

    async def status(self, schools: Schools, now: datetime) -> StatusView:
        ends, lag_error = await self._asked_ends()
        async with self._reading() as read:
            status = await read.status.status(schools, now, ends)
            accounts = await read.platform_accounts.accounts(schools, now)
            doubted = await read.clocks.doubted(now) if schools is None else None
            of_process = [*self._alarms_of_clock(schools, doubted), *_alarms_of_accounts(accounts, now)]
            alarms = [*of_process, *await self._alarms_of(read, schools, now)]
            why = NO_KAFKA if status.lag_records is None and lag_error is None else lag_error
            return replace(status, lag_error=why, alarms=alarms, platform_accounts=accounts, looks=read.platforms.looks)

    def _alarms_of_clock(self, schools: Schools, elsewhere: datetime | None) -> Iterator[Alarm]:
        since = self._jumped_at()
        if schools is not None:
            return
        if since is not None:
            yield Alarm(CLOCK_JUMPED, since=since, detail="the clock of the machine that answers here")
        elif elsewhere is not None:
            yield Alarm(CLOCK_JUMPED, since=elsewhere, detail="the clock of a machine that a process runs on")

    async def _asked_ends(self) -> tuple[Mapping[Partition, range] | None, str | None]:
        """The ends of topics, read before everything else, so that records in transit are counted at a later stage."""
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

    async def readiness(self, now: datetime) -> Readiness:
        try:
            async with self._reading() as read:
                accounts = await read.platform_accounts.accounts(None, now)
        except StoreUnavailable:
            return Readiness(AWAY)
        except StoreFailed:
            return Readiness(NO_TABLES)
        states = {each.account: each.state for each in accounts}
        return Readiness(None if await self._writable() else TAKES_NOTHING, states)


def _alarms_of_accounts(accounts: Iterable[PlatformAccount], now: datetime) -> Iterator[Alarm]:
    for each in accounts:
        kind = alarm_of_account(each.state, each.since, each.paused_until, now)
        if kind is not None:
            yield Alarm(kind, account=each.account, since=each.since, detail=each.last_error)
