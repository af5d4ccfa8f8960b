"""The registry over the database: one short reading for each question, nothing held once it is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.read.operations import DatabaseOperations
from adapters.database.read.platforms import Platforms
from adapters.database.read.queries import Queries
from adapters.database.session import Session
from sync.accounts import AccountWord
from sync.platform import Capabilities
from sync.streams import Partition
from sync.titles import Titles
from sync.views.chats import ChatView, MemberView
from sync.views.explanation import Explanation
from sync.views.organisations import OrganisationView
from sync.views.persons import AccountView, MembershipView, PersonView
from sync.views.registry import Asked, Ends, Listed, Registry, Schools, Window

Connect = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
Open = Callable[[], AbstractAsyncContextManager[Queries]]


async def no_ends() -> Mapping[Partition, range]:
    """Without a Kafka there are no topics."""
    return {}


def registry_of(
    connect: Connect,
    titles: Titles,
    platforms: Mapping[str, Capabilities],
    ends: Ends = no_ends,
    *,
    monotonic: Callable[[], float],
) -> Registry:
    """The registry. `connect` opens a connection to read by; `platforms`: what the platform accounts can do, by the
    name of their token, one not named can do all; `ends`: how far the topics go that are taken in; `monotonic`: seconds
    that never go back, by which long readings are measured.
    """
    can = Platforms(platforms)

    @asynccontextmanager
    async def reading() -> AsyncIterator[Queries]:
        async with connect() as connection:
            yield Queries(Session(connection), titles, can)

    return Registry(DatabaseSchools(reading), DatabasePeople(reading), DatabaseOperations(reading, ends, monotonic))


class DatabaseSchools:
    def __init__(self, reading: Open) -> None:
        self._reading = reading

    async def organisations(self, schools: Schools, window: Window) -> Listed[OrganisationView]:
        async with self._reading() as read:
            return await read.organisations.organisations(schools, window)

    async def organisation(self, organisation_id: str) -> OrganisationView | None:
        async with self._reading() as read:
            return await read.organisations.organisation(organisation_id)

    async def chats(self, organisation_id: str, window: Window) -> Listed[ChatView] | None:
        async with self._reading() as read:
            return await read.chats.chats(organisation_id, window)

    async def members(
        self, organisation_id: str, chat_id: str, window: Window, *, excluded: bool
    ) -> Listed[MemberView] | None:
        async with self._reading() as read:
            return await read.members.members(organisation_id, chat_id, window, excluded=excluded)


class DatabasePeople:
    def __init__(self, reading: Open) -> None:
        self._reading = reading

    async def person(self, person_id: str, schools: Schools, now: datetime) -> PersonView | None:
        async with self._reading() as read:
            return await read.persons.person(person_id, schools, now)

    async def memberships(self, person_id: str, schools: Schools, window: Window) -> Listed[MembershipView] | None:
        async with self._reading() as read:
            return await read.memberships.memberships(person_id, schools, window)

    async def accounts(self, person_id: str, schools: Schools) -> Sequence[AccountView] | None:
        async with self._reading() as read:
            return await read.persons.accounts(person_id, schools)

    async def account_after(self, word: AccountWord) -> AccountView:
        async with self._reading() as read:
            return await read.accounts.after(word)

    async def last_said_at(self, person_id: str, provider: str) -> datetime | None:
        async with self._reading() as read:
            return await read.accounts.last_said_at(person_id, provider)

    async def explain(self, person_id: str, asked: Asked, schools: Schools) -> Explanation | None:
        async with self._reading() as read:
            return await read.explanations.explain(person_id, asked, schools)
