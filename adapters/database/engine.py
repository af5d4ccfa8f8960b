"""Engines and transactions on PostgreSQL and SQLite, and what their errors mean."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from sync.errors import StoreFailed, StoreUnavailable

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

BUSY_MS = 30_000  # how long SQLite waits for another process's write
LIMITS = "SET lock_timeout = '10s'; SET statement_timeout = '60s'"  # beyond that, better to retry
POOL, WAIT_S = 20, 10.0  # connections per engine, plus as many in overflow; beyond that, requests wait
STATEMENTS_KEPT = 500  # prepared on each connection: more than there are

# PostgreSQL's classes of errors (its manual, appendix A) after which the same transaction may well go through: the
# connection failed, it was rolled back (a deadlock), there is too little of something, a lock did not come in time,
# somebody stops or starts it.
PASSING_CLASSES = ("08", "40", "53", "55P03", "57")

FOREIGN = (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, sqlite3.Error, PoolTimeout, OSError)


@contextmanager
def translated() -> Iterator[None]:
    """Translate driver errors: those that mean «unavailable for now» to StoreUnavailable, all others to StoreFailed.
    The database's own messages are dropped, for they quote names and ids, and errors get logged.
    """
    try:
        yield
    except FOREIGN as error:
        if not _is_passing(error):
            told = StoreFailed(f"the database refused a statement ({_name(error)}); nothing was written")
            raise told.with_traceback(error.__traceback__) from None
        raise StoreUnavailable(f"the database is not available ({_name(error)}); nothing was written") from error


def _is_passing(error: BaseException) -> bool:
    away = (OperationalError, InterfaceError, PoolTimeout, OSError, asyncpg.InterfaceError, sqlite3.OperationalError)
    if isinstance(error, away) or getattr(error, "connection_invalidated", False):
        return True
    told = getattr(error, "orig", error)
    return str(getattr(told, "sqlstate", "")).startswith(PASSING_CLASSES)


def _name(error: BaseException) -> str:
    told = getattr(error, "orig", None) or error
    state = getattr(told, "sqlstate", None)
    return f"{type(told).__name__}{f' {state}' if state else ''}"


def async_url(url: str) -> URL:
    """The address as people write it (`sqlite:///…`, `postgresql://…`), for the async drivers."""
    parsed = make_url(url)
    return parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))


def engine_of(url: URL, *, writes: bool) -> AsyncEngine:
    """An engine to write by, or to read by."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, "IMMEDIATE" if writes else "DEFERRED")
    engine = create_async_engine(
        url,
        pool_size=POOL,
        max_overflow=POOL,
        pool_timeout=WAIT_S,
        pool_pre_ping=False,
        isolation_level="AUTOCOMMIT",  # transactions are the driver's own: `begun`
        connect_args={"statement_cache_size": STATEMENTS_KEPT},
        hide_parameters=True,  # names and ids are in them, and errors get logged
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        """Not among the parameters of starting: a pgbouncer takes none that it does not know."""
        connection.run_async(lambda raw: raw.execute(LIMITS))

    return engine


@asynccontextmanager
async def begun(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction, READ COMMITTED on PostgreSQL: committed at the end of the block, undone if it raises."""
    if engine.dialect.name == "sqlite":
        async with engine.begin() as connection:
            yield connection
        return
    async with engine.connect() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        try:
            async with raw.transaction():
                yield connection
        finally:
            if raw.is_closed() or raw.is_in_transaction():  # interrupted: it must not return to the pool
                await connection.invalidate()


def _sqlite_engine(url: URL, begin: str) -> AsyncEngine:
    """SQLite in WAL mode: what is committed is on the disk. A transaction that will write says so at once, or it may
    fail on its first write.
    """
    engine = create_async_engine(url, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver must not begin by itself
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _began(connection: Any) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    return engine
