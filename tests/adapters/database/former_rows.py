"""The former version's database: its SQLite file, the same rows in a PostgreSQL, and what either has, told alike."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Boolean, Connection, Date, DateTime, LargeBinary, MetaData, Table, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.types import TypeEngine

from adapters.database.engine import async_url
from adapters.database.migrate import configuration
from adapters.database.types import EPOCH, MICROSECOND

FOLDER = Path(__file__).parent / "former"
FORMER = "0006"

Rows = Mapping[str, list[tuple[Any, ...]]]

# How SQLite keeps what PostgreSQL has types for: there and back
TYPES: tuple[tuple[type[TypeEngine[Any]], Callable[[Any], Any], Callable[[Any], Any]], ...] = (
    (DateTime, lambda value: EPOCH + value * MICROSECOND, lambda value: (value - EPOCH) // MICROSECOND),
    (Date, date.fromisoformat, date.isoformat),
    (Boolean, bool, int),
    (LargeBinary, bytes.fromhex, bytes.hex),
)


def make_file(path: Path) -> None:
    """The former version's file, as it was when everything had come to rest."""
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript((FOLDER / f"{FORMER}.sql").read_text(encoding="utf-8"))
    connection.close()


def rows_of_file(path: Path) -> Rows:
    """All rows of all tables, sorted."""
    connection = sqlite3.connect(path)
    with connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {
            table: sorted(connection.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)
            for table in tables
            if not table.startswith(("sqlite_", "alembic"))
        }
    connection.close()
    return found


async def fill(url: str, rows: Rows) -> None:
    """Makes the former version's tables in an empty PostgreSQL, and puts the rows into them."""
    await _within(url, lambda connection: _fill(connection, rows))


def _fill(connection: Connection, rows: Rows) -> None:
    command.upgrade(configuration(connection), FORMER)
    for name, table in _tables(connection).items():
        columns = list(table.columns)
        data = [
            {of.name: _turned(of.type, value, 0) for of, value in zip(columns, row, strict=True)} for row in rows[name]
        ]
        if data:
            connection.execute(table.insert(), data)
        for of in columns:
            sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
            if (
                of.server_default is not None and "nextval" in str(getattr(of.server_default, "arg", ""))
            ) or of.identity:
                last = max((row[of.name] for row in data), default=None)
                if last is not None:
                    connection.execute(sequence, {"table": name, "column": of.name, "last": last})


async def rows_of_server(url: str) -> Rows:
    """All rows of all tables, sorted, told as SQLite keeps them."""
    found: dict[str, list[tuple[Any, ...]]] = {}

    def read(connection: Connection) -> None:
        for name, table in _tables(connection).items():
            types = [of.type for of in table.columns]
            rows = [
                tuple(_turned(kind, value, 1) for kind, value in zip(types, row, strict=True))
                for row in connection.execute(select(table))
            ]
            found[name] = sorted(rows, key=repr)

    await _within(url, read)
    return found


async def take_back(url: str) -> None:
    """Down to the former version's tables."""
    await _within(url, lambda connection: command.downgrade(configuration(connection), FORMER))


async def _within(url: str, step: Callable[[Connection], None]) -> None:
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(step)
    await engine.dispose()


def _tables(connection: Connection) -> dict[str, Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    return {name: table for name, table in sorted(metadata.tables.items()) if name != "alembic_version"}


def _turned(kind: TypeEngine[Any], value: Any, back: int) -> Any:
    if value is None or (isinstance(value, datetime) and not back):
        return value
    turns = (turns for of, *turns in TYPES if isinstance(kind, of))
    turn = next(turns, None)
    return value if turn is None else turn[back](value)
