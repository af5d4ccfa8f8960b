"""A statement on its way to the database: straight to the driver, on the connection that SQLAlchemy opened.

SQLAlchemy keeps the pool and compiles each statement once; its way to the driver, gone every time, costs more than most
statements do. Only public names of asyncpg and aiosqlite are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

Rows = Sequence[Sequence[Any]]


class Driver(Protocol):
    async def run(self, sql: str, parameters: Sequence[Any]) -> Rows:
        """Run a statement as compiled for the driver. Return its rows."""


class Asyncpg:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def run(self, sql: str, parameters: Sequence[Any]) -> Rows:
        rows: Rows = await self._connection.fetch(sql, *parameters)
        return rows


class Aiosqlite:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def run(self, sql: str, parameters: Sequence[Any]) -> Rows:
        rows: Rows = await self._connection.execute_fetchall(sql, parameters)
        return rows


async def driver_of(connection: AsyncConnection) -> Driver:
    """The driver behind an open connection."""
    raw: Any = (await connection.get_raw_connection()).driver_connection
    return Asyncpg(raw) if connection.dialect.name == "postgresql" else Aiosqlite(raw)
