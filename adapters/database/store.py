"""The database as the store: engines, transactions, and what its errors mean."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.adoption import AdoptionTransaction
from adapters.database.bulk import Bulk
from adapters.database.engine import async_url, begun, engine_of, translated
from adapters.database.hearing import HearingTransaction
from adapters.database.linking.transaction import LinkingRows, LinkingTransaction
from adapters.database.load.remembered import Memory
from adapters.database.looking.transaction import LookTransaction
from adapters.database.settle.time import DatabaseClock
from adapters.database.settle.transaction import SettlingTransaction
from adapters.database.sqlite_file import SqliteFile
from adapters.database.transaction import Transaction
from adapters.database.write.heard import Noted
from sync.errors import StoreFailed, StoreUnavailable


async def database_time(connection: AsyncConnection) -> datetime:
    """The clock that all machines share. SQLite has one machine, whose clock is its own."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    instant: datetime = (await connection.exec_driver_sql("SELECT clock_timestamp()")).scalar_one()
    return instant


class Database:
    """A store on PostgreSQL, or on an SQLite file with one writer at a time.

    `platform`: where a new school's chats live; `linger`: how long a room waits from its first due change;
    `remembered_bytes`: how much of schools' facts is kept in memory, about; `silent_after`: what silence of a source is
    told.
    """

    def __init__(
        self,
        url: str,
        *,
        platform: str = "max",
        linger: timedelta = timedelta(milliseconds=200),
        clock: DatabaseClock = database_time,
        remembered_bytes: int = 64_000_000,
        silent_after: timedelta = timedelta(days=14),
    ) -> None:
        self.url = async_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._platform, self._linger, self._clock = platform, linger, clock
        self._writer, self._reader = engine_of(self.url, writes=True), engine_of(self.url, writes=False)
        self._one_writer, self._one_try = asyncio.Lock(), asyncio.Lock()
        self._file = SqliteFile.of(self.url)
        self._heard = silent_after, Noted()
        self._memory = Memory(remembered_bytes) if remembered_bytes else None

    @asynccontextmanager
    async def planning(self) -> AsyncIterator[Transaction]:
        async with self.writing() as connection:
            transaction = Transaction(Bulk(connection), self._platform, self._linger, self._memory, self._heard)
            yield transaction
            await transaction.finish()
        transaction.committed()

    def streaming(self) -> AbstractAsyncContextManager[Transaction]:
        return self.planning()

    @asynccontextmanager
    async def settling(self) -> AsyncIterator[SettlingTransaction]:
        async with self.writing() as connection:
            yield SettlingTransaction(connection, self._clock)

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[LookTransaction]:
        async with self.writing() as connection:
            yield LookTransaction(connection, self._clock)

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[HearingTransaction]:
        async with self.writing() as connection:
            yield HearingTransaction(connection, self._clock)

    @asynccontextmanager
    async def adopting(self) -> AsyncIterator[AdoptionTransaction]:
        async with self.writing() as connection:
            yield AdoptionTransaction(connection, self._clock)

    @asynccontextmanager
    async def linking(self) -> AsyncIterator[LinkingTransaction]:
        async with self.writing() as connection:
            yield LinkingTransaction(Bulk(connection))

    @asynccontextmanager
    async def reading_links(self) -> AsyncIterator[LinkingRows]:
        async with self.reading() as connection:
            yield LinkingRows(Bulk(connection))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write: committed at the end of the block, undone if it raises."""
        async with AsyncExitStack() as stack:
            if self.sqlite:
                await stack.enter_async_context(self._one_writer)
            stack.enter_context(translated())
            stack.enter_context(self._file.in_place())
            yield await stack.enter_async_context(begun(self._writer))

    async def time(self, connection: AsyncConnection) -> datetime:
        """The database's clock."""
        return await self._clock(connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read by. Not to be held across a response."""
        with translated(), self._file.in_place():
            async with self._reader.connect() as connection:
                yield connection

    async def writable(self) -> bool:
        """Whether the database takes writes at this moment: tried on SQLite, asked of PostgreSQL."""
        if self.sqlite:
            async with self._one_try:  # however many ask
                return await asyncio.to_thread(self._file.writable)
        try:
            async with self.reading() as connection:
                asked = await connection.exec_driver_sql("SHOW transaction_read_only")
                return bool(asked.scalar_one() == "off")
        except (StoreUnavailable, StoreFailed):
            return False

    async def close(self) -> None:
        for engine in {self._writer, self._reader}:
            await engine.dispose()
