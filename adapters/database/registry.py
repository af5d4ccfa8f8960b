"""The registry over the database: one short reading for each question, nothing held once it is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from adapters.database.bulk import Bulk
from adapters.database.registry_chats import Platforms
from adapters.database.registry_status import StatusReader
from adapters.database.store import Database
from adapters.database.tables import organisations
from adapters.database.write.dead_letters import DeadLetterTable
from sync.accounts import AccountWord
from sync.errors import StoreUnavailable, TopicsUnavailable
from sync.streams import Partition
from sync.titles import Titles
from sync.views.chats import ChatView, MemberView
from sync.views.explanation import Explanation
from sync.views.operations import DeadLetterView, HoldView
from sync.views.organisations import OrganisationView
from sync.views.persons import AccountView, MembershipView, PersonView
from sync.views.registry import Asked, Ends, Listed, Schools, Window
from sync.views.status import Alarm, StatusView

SLOW_S = 0.25
KEPT_TIMES = 20


async def no_ends() -> Mapping[Partition, range]:
    """Without a Kafka there are no topics."""
    return {}


class DatabaseRegistry:
    """`platforms`: what the platform accounts can do, by the name of their token; one not named can do all.
    `ends`: how far the topics go that are taken in. `monotonic`: seconds, by which readings are measured.

    Alarms that took long to find are told again from memory for `KEPT_TIMES` as long, so that watching a whole region
    costs it no more than a twentieth of a processor.
    """

    def __init__(
        self,
        database: Database,
        titles: Titles,
        platforms: Platforms,
        ends: Ends = no_ends,
        *,
        monotonic: Callable[[], float],
    ) -> None:
        self._database = database
        self._titles = titles
        self._platforms = platforms
        self._ends = ends
        self._monotonic = monotonic
        self._alarms: dict[Schools, tuple[float, Sequence[Alarm]]] = {}

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[StatusReader]:
        async with self._database.reading() as connection:
            reader = StatusReader(connection)
            reader.titles, reader.platforms = self._titles, self._platforms
            yield reader

    async def organisations(self, schools: Schools, window: Window) -> Listed[OrganisationView]:
        async with self._reader() as reader:
            return await reader.organisations(schools, window)

    async def organisation(self, organisation_id: str) -> OrganisationView | None:
        async with self._reader() as reader:
            return await reader.organisation(organisation_id)

    async def chats(self, organisation_id: str, window: Window) -> Listed[ChatView] | None:
        async with self._reader() as reader:
            return await reader.chats(organisation_id, window)

    async def members(
        self, organisation_id: str, chat_id: str, window: Window, *, excluded: bool
    ) -> Listed[MemberView] | None:
        async with self._reader() as reader:
            return await reader.members(organisation_id, chat_id, window, excluded=excluded)

    async def person(self, person_id: str, schools: Schools, now: datetime) -> PersonView | None:
        async with self._reader() as reader:
            return await reader.person(person_id, schools, now)

    async def memberships(self, person_id: str, schools: Schools, window: Window) -> Listed[MembershipView] | None:
        async with self._reader() as reader:
            return await reader.memberships(person_id, schools, window)

    async def accounts(self, person_id: str, schools: Schools) -> Sequence[AccountView] | None:
        async with self._reader() as reader:
            return await reader.accounts(person_id, schools)

    async def account_after(self, word: AccountWord) -> AccountView:
        async with self._reader() as reader:
            return await reader.account_after(word)

    async def last_said_at(self, person_id: str, provider: str) -> datetime | None:
        async with self._reader() as reader:
            return await reader.last_said_at(person_id, provider)

    async def explain(self, person_id: str, asked: Asked, schools: Schools) -> Explanation | None:
        async with self._reader() as reader:
            return await reader.explain(person_id, asked, schools)

    async def dead_letters(self, schools: Schools, window: Window) -> Listed[DeadLetterView]:
        async with self._database.reading() as connection:
            return await DeadLetterTable(Bulk(connection)).listed(schools, window)

    async def holds(self, schools: Schools, window: Window) -> Listed[HoldView]:
        async with self._reader() as reader:
            return await reader.holds(schools, window)

    async def status(self, schools: Schools, now: datetime) -> StatusView:
        ends, lag_error = await self._asked_ends()
        async with self._reader() as reader:
            status = await reader.status(schools, now, ends)
            return replace(status, lag_error=lag_error, alarms=await self._alarms_of(reader, schools, now))

    async def _asked_ends(self) -> tuple[Mapping[Partition, range] | None, str | None]:
        """How far topics go: asked before anything is read, so that what is on its way is met further on."""
        try:
            return await self._ends(), None
        except TopicsUnavailable as error:
            return None, str(error)

    async def _alarms_of(self, reader: StatusReader, schools: Schools, now: datetime) -> Sequence[Alarm]:
        begun = self._monotonic()
        until, alarms = self._alarms.get(schools, (begun, ()))
        if begun < until:
            return alarms
        alarms = await reader.alarms(schools, now)
        ended = self._monotonic()
        self._alarms.pop(schools, None)
        if ended - begun > SLOW_S:
            self._alarms[schools] = ended + KEPT_TIMES * (ended - begun), alarms
        return alarms

    async def ready(self) -> bool:
        try:
            async with self._reader() as reader:
                await reader.fetch(select(organisations.c.organisation_id).limit(1))
        except (StoreUnavailable, DBAPIError):
            return False
        return True
