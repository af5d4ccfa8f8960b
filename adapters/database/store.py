"""The database as the store: engines, transactions, and what its errors mean."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.database.adoption import AdoptionTransaction
from adapters.database.dead_letters import DeadLetters
from adapters.database.inbox import Inbox
from adapters.database.offsets import Offsets
from adapters.database.plans import Plans
from adapters.database.settle.time import DatabaseClock
from adapters.database.settle.transaction import SettlingTransaction
from sync.errors import StoreUnavailable

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

BUSY_MS = 30_000  # how long SQLite waits for another process's write

# PostgreSQL's classes of errors (its manual, appendix A) after which the same transaction may well go through: the
# connection failed, it was rolled back (a deadlock), there is too little of something, somebody stops or starts it.
PASSING_CLASSES = ("08", "40", "53", "57")


class PlanningTransaction(Inbox, Plans):
    """Taking events in, and planning."""

    def __init__(self, connection: AsyncConnection, platform: str, linger: timedelta) -> None:
        super().__init__(connection)
        self.platform = platform
        self.linger = linger


class StreamTransaction(Offsets, DeadLetters, PlanningTransaction):
    """Taking a batch of a topic in."""


async def database_time(connection: AsyncConnection) -> datetime:
    """The clock that all machines share. SQLite has one machine, whose clock is its own."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    instant: datetime = (await connection.exec_driver_sql("SELECT clock_timestamp()")).scalar_one()
    return instant


class Database:
    """A store on PostgreSQL, or on an SQLite file with one writer at a time.

    `platform`: where a new school's chats live; `linger`: how long a room waits from its first due change.
    """

    def __init__(
        self,
        url: str,
        *,
        platform: str = "max",
        linger: timedelta = timedelta(milliseconds=200),
        clock: DatabaseClock = database_time,
    ) -> None:
        self.url = async_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._platform, self._linger, self._clock = platform, linger, clock
        self._writer = _sqlite_engine(self.url, "IMMEDIATE") if self.sqlite else _postgresql_engine(self.url)
        self._reader = _sqlite_engine(self.url, "DEFERRED") if self.sqlite else self._writer
        self._one_writer = asyncio.Lock()

    @asynccontextmanager
    async def planning(self) -> AsyncIterator[PlanningTransaction]:
        async with self.writing() as connection:
            yield PlanningTransaction(connection, self._platform, self._linger)

    @asynccontextmanager
    async def streaming(self) -> AsyncIterator[StreamTransaction]:
        async with self.writing() as connection:
            yield StreamTransaction(connection, self._platform, self._linger)

    @asynccontextmanager
    async def settling(self) -> AsyncIterator[SettlingTransaction]:
        async with self.writing() as connection:
            yield SettlingTransaction(connection, self._clock)

    @asynccontextmanager
    async def adopting(self) -> AsyncIterator[AdoptionTransaction]:
        async with self.writing() as connection:
            yield AdoptionTransaction(connection, self._clock)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write: committed at the end of the block, undone if it raises."""
        async with AsyncExitStack() as stack:
            if self.sqlite:
                await stack.enter_async_context(self._one_writer)
            stack.enter_context(translated())
            yield await stack.enter_async_context(self._writer.begin())

    async def time(self, connection: AsyncConnection) -> datetime:
        """The database's clock."""
        return await self._clock(connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read by. Not to be held across a response."""
        with translated():
            async with self._reader.connect() as connection:
                yield connection

    async def close(self) -> None:
        for engine in {self._writer, self._reader}:
            await engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Foreign errors that mean «away for now» become StoreUnavailable."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        if not _is_passing(error):
            raise
        raise StoreUnavailable(f"the database is not available ({_name(error)}); nothing was written") from error


def _is_passing(error: DBAPIError | OSError) -> bool:
    if isinstance(error, OperationalError | InterfaceError | OSError) or error.connection_invalidated:
        return True
    return str(getattr(error.orig, "sqlstate", "")).startswith(PASSING_CLASSES)


def _name(error: BaseException) -> str:
    return type(getattr(error, "orig", None) or error).__name__


def async_url(url: str) -> URL:
    """The address as people write it (`sqlite:///…`, `postgresql://…`), for the async drivers."""
    parsed = make_url(url)
    return parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))


def _postgresql_engine(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=20,
        max_overflow=20,
        pool_pre_ping=False,
        isolation_level="READ COMMITTED",
        hide_parameters=True,  # names and ids are in them, and errors get logged
    )


def _sqlite_engine(url: URL, begin: str) -> AsyncEngine:
    """SQLite in WAL mode; a transaction that will write says so at once, or it may fail on its first write."""
    engine = create_async_engine(url, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver must not begin by itself
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _began(connection: Any) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    return engine
