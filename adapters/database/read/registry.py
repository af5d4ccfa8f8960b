"""The registry over the database: one short reading for each question, nothing held once it is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.bulk import Bulk
from adapters.database.read.operations import DatabaseOperations
from adapters.database.read.platforms import Platforms
from adapters.database.read.queries import Queries
from sync.accounts import AccountAssertion
from sync.ids import ChatId, ClassId, OrganisationId, PersonId
from sync.platform import Capabilities
from sync.streams import Partition
from sync.titles import Titles
from sync.views.chats import ChatView, MemberView
from sync.views.explanation import Explanation
from sync.views.organisations import OrganisationView
from sync.views.persons import AccountView, MembershipView, PersonView
from sync.views.registry import Asked, Ends, Listed, Registry, Schools, Window
from sync.views.reminders import RemindersView

Connect = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
Writable = Callable[[], Awaitable[bool]]
Open = Callable[[], AbstractAsyncContextManager[Queries]]


async def no_ends() -> Mapping[Partition, range]:
    """Without a Kafka there are no topics."""
    return {}


async def always() -> bool:
    """The default: the database always takes writes."""
    return True


def registry_of(
    connect: Connect,
    titles: Titles,
    platforms: Mapping[str, Capabilities],
    ends: Ends = no_ends,
    *,
    monotonic: Callable[[], float],
    writable: Writable = always,
    looks: str = "on",
    jumped_at: Callable[[], datetime | None] = lambda: None,
    sign_in_url: str | None = None,
) -> Registry:
    """The registry. `connect` opens a connection to read by; `platforms`: what the platform accounts can do, by the
    name of their token, one not named can do all; `looks`: whether rooms are looked at, on or off; both until the
    settling process has stored them; `ends`: how far the topics go that are taken in; `monotonic`: seconds that never
    go back, by which slow queries are measured; `writable`: whether the database takes anything now; `jumped_at`: since
    when this process distrusts the machine's clock; `sign_in_url`: where people sign in whose school has no address of
    its own.
    """
    can = Platforms(platforms, looks)

    @asynccontextmanager
    async def reading() -> AsyncIterator[Queries]:
        async with connect() as connection:
            bulk = Bulk(connection)
            yield Queries(bulk, titles, await can.as_served(bulk), sign_in_url)

    operations = DatabaseOperations(reading, ends, monotonic, writable, jumped_at)
    return Registry(DatabaseSchools(reading), DatabasePeople(reading), operations)


class DatabaseSchools:
    def __init__(self, reading: Open) -> None:
        self._reading = reading

    async def organisations(self, schools: Schools, window: Window) -> Listed[OrganisationView]:
        async with self._reading() as read:
            return await read.organisations.organisations(schools, window)

    async def organisation(self, organisation_id: OrganisationId) -> OrganisationView | None:
        async with self._reading() as read:
            return await read.organisations.organisation(organisation_id)

    async def chats(self, organisation_id: OrganisationId, window: Window) -> Listed[ChatView] | None:
        async with self._reading() as read:
            return await read.chats.chats(organisation_id, window)

    async def members(
        self, organisation_id: OrganisationId, chat_id: ChatId, window: Window, *, excluded: bool
    ) -> Listed[MemberView] | None:
        async with self._reading() as read:
            return await read.members.members(organisation_id, chat_id, window, excluded=excluded)

    async def reminders(self, organisation_id: OrganisationId, class_id: ClassId) -> RemindersView | None:
        async with self._reading() as read:
            return await read.reminders.of_class(organisation_id, class_id)

    async def all_reminders(self, organisation_id: OrganisationId) -> Sequence[RemindersView] | None:
        async with self._reading() as read:
            return await read.reminders.of_school(organisation_id)


class DatabasePeople:
    def __init__(self, reading: Open) -> None:
        self._reading = reading

    async def person(self, person_id: PersonId, schools: Schools, now: datetime) -> PersonView | None:
        async with self._reading() as read:
            return await read.persons.person(person_id, schools, now)

    async def memberships(self, person_id: PersonId, schools: Schools, window: Window) -> Listed[MembershipView] | None:
        async with self._reading() as read:
            return await read.memberships.memberships(person_id, schools, window)

    async def accounts(self, person_id: PersonId, schools: Schools) -> Sequence[AccountView] | None:
        async with self._reading() as read:
            return await read.persons.accounts(person_id, schools)

    async def account_after(self, assertion: AccountAssertion) -> AccountView:
        async with self._reading() as read:
            return await read.accounts.after(assertion)

    async def last_said_at(self, person_id: PersonId, provider: str, schools: Schools) -> datetime | None:
        async with self._reading() as read:
            return await read.accounts.last_said_at(person_id, provider, schools)

    async def is_own(self, provider: str, account: str) -> bool:
        async with self._reading() as read:
            return await read.accounts.is_own(provider, account)

    async def holder(self, provider: str, account: str) -> PersonId | None:
        async with self._reading() as read:
            return await read.accounts.holder(provider, account)

    async def explain(self, person_id: PersonId, asked: Asked, schools: Schools) -> Explanation | None:
        async with self._reading() as read:
            return await read.explanations.explain(person_id, asked, schools)
