"""The few statements by which everything is read and written, many rows at a time, over one connection."""

from __future__ import annotations

import asyncio
from collections import namedtuple
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Dialect, FromClause, Row, Table, and_, delete, select, true, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import given
from adapters.database.driver import Driver, driver_of
from adapters.database.portions import portions

Values = Sequence[Any]
Rows = Sequence[Any]  # of tuples with the columns' names
Build = Callable[[FromClause], Any]

ROWS_AT_ONCE = 1_000  # some 5 ms
ROWS_IN_THREADS = 2_000  # more take longer than others should wait for the loop

CHANNEL = "rollcall"  # of PostgreSQL's NOTIFY
ROOMS_DUE, AFFECTED = "rooms_due", "affected"


class Bulk:
    """Statements in bulk over one open connection. Rows are tuples in the order of the columns named."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.dialect = connection.dialect
        self.postgresql = self.dialect.name == "postgresql"
        self._driver: Driver | None = None

    async def fetch(self, statement: Any) -> Sequence[Row[Any]]:
        return (await self.connection.execute(statement)).fetchall()

    async def execute(self, statement: Any) -> int:
        return (await self.connection.execute(statement)).rowcount

    def rows(self, columns: Sequence[Column[Any]], data: Iterable[Values]) -> FromClause:
        """The data as a table in a statement that SQLAlchemy is to run."""
        return given.bound(self.dialect, columns, data)

    async def matching(self, table: Table, columns: Sequence[str], data: Iterable[Values]) -> Rows:
        """The rows of a table whose columns have one of the given values; no rows for no values."""
        keys = list(set(map(tuple, data)))
        return await self.ask(Matching(table, tuple(columns)), _of(table, columns), keys, list(table.columns))

    async def insert(
        self,
        table: Table,
        columns: Sequence[str],
        data: Sequence[Values],
        *,
        update: Sequence[str] = (),
        conflict: Sequence[str] = (),
        returning: Sequence[str] = (),
    ) -> Rows:
        """Inserts rows; on a conflict (with the primary key unless named) updates those columns, or does nothing."""
        key = tuple(conflict) or tuple(of.name for of in table.primary_key.columns)
        dialect: Any = postgresql if self.postgresql else sqlite
        build = Insert(table, tuple(columns), tuple(update), key, tuple(returning), dialect)
        return await self.ask(build, _of(table, columns), data, _of(table, returning))

    async def update(self, table: Table, keys: Sequence[str], columns: Sequence[str], data: Sequence[Values]) -> None:
        """Sets columns of the rows with the given keys; a row of data is the keys, then the values."""
        await self.ask(Update(table, tuple(keys), tuple(columns)), _of(table, (*keys, *columns)), data)

    async def delete(self, table: Table, columns: Sequence[str], data: Iterable[Values]) -> None:
        await self.ask(Delete(table, tuple(columns)), _of(table, columns), list(data))

    async def lock(self, table: Table, keys: Iterable[Values], *, read: bool = False, key_share: bool = False) -> None:
        """Locks rows in the order of their keys; on SQLite the transaction is the lock."""
        wanted = sorted(set(map(tuple, keys)))
        if self.postgresql:
            by = list(table.primary_key.columns)
            await self.ask(Lock(table, read, key_share), by, wanted)

    async def locked(self, table: Table, keys: Iterable[Values], *, skip_locked: bool = False) -> Rows:
        """The rows with these primary keys as they are now, locked in the order of the keys; with `skip_locked` without
        those that somebody else has locked.
        """
        by = list(table.primary_key.columns)
        wanted = sorted(set(map(tuple, keys)))
        return await self.ask(Locked(table, skip_locked), by, wanted, list(table.columns))

    async def ask(
        self, build: Build, columns: Sequence[Column[Any]], data: Sequence[Values], returned: Sequence[Column[Any]] = ()
    ) -> Rows:
        """Runs a statement over the data as a table; none over no data. The statement is built once and cached by
        `build`, so `build` is a module-level function or a value with equality.
        """
        if not data:
            return ()
        known_as = self.dialect.name, build
        prepared = _PREPARED.get(known_as)
        if prepared is None:
            prepared = _PREPARED[known_as] = _prepare(self.dialect, columns, build, returned)
        if self._driver is None:
            self._driver = await driver_of(self.connection)
        values = prepared.constants | dict(zip(prepared.given, await self._parameters(columns, data), strict=True))
        rows = await self._driver.run(prepared.sql, [values[name] for name in prepared.parameters])
        return await self._read(prepared, rows) if returned else ()

    async def _parameters(self, columns: Sequence[Column[Any]], data: Sequence[Values]) -> Sequence[Any]:
        """Many rows are serialised in a thread, so that the event loop stays free."""
        if len(data) <= ROWS_IN_THREADS:
            return given.parameters(self.dialect, columns, data)
        return await asyncio.to_thread(given.parameters, self.dialect, columns, data)

    async def _read(self, prepared: Prepared, rows: Sequence[Sequence[Any]]) -> Rows:
        """Many rows are parsed in portions, so that the event loop stays free."""
        found: list[Any] = []
        async for some in portions(rows, ROWS_AT_ONCE):
            found.extend(prepared.read(some))
        return found

    async def notify(self, what: str) -> None:
        """Notify listeners once the transaction has committed. Does nothing on SQLite, which has only one process."""
        if self.postgresql:
            self._driver = self._driver or await driver_of(self.connection)
            await self._driver.run("SELECT pg_notify($1, $2)", [CHANNEL, what])


def _of(table: Table, columns: Iterable[str]) -> list[Column[Any]]:
    return [table.c[name] for name in columns]


# Statements of which there is one for each table and its columns.


@dataclass(frozen=True, slots=True)
class Matching:
    table: Table
    columns: tuple[str, ...]

    def __call__(self, given: FromClause) -> Any:
        on = and_(*(self.table.c[name] == given.c[name] for name in self.columns))
        return select(self.table).select_from(given).join(self.table, on)


@dataclass(frozen=True, slots=True)
class Insert:
    table: Table
    columns: tuple[str, ...]
    update: tuple[str, ...]
    conflict: tuple[str, ...]
    returning: tuple[str, ...]
    dialect: Any

    def __call__(self, given: FromClause) -> Any:
        source = select(*(given.c[name] for name in self.columns)).where(true())  # SQLite wants it before ON CONFLICT
        statement = self.dialect.insert(self.table).from_select(list(self.columns), source)
        taken = {name: statement.excluded[name] for name in self.update}
        on_conflict = statement.on_conflict_do_update if taken else statement.on_conflict_do_nothing
        statement = on_conflict(index_elements=list(self.conflict), **({"set_": taken} if taken else {}))
        return statement.returning(*_of(self.table, self.returning)) if self.returning else statement


@dataclass(frozen=True, slots=True)
class Update:
    table: Table
    keys: tuple[str, ...]
    columns: tuple[str, ...]

    def __call__(self, given: FromClause) -> Any:
        on = [self.table.c[name] == given.c[name] for name in self.keys]
        return update(self.table).where(*on).values({name: given.c[name] for name in self.columns})


@dataclass(frozen=True, slots=True)
class Delete:
    table: Table
    columns: tuple[str, ...]

    def __call__(self, given: FromClause) -> Any:
        return delete(self.table).where(
            tuple_(*_of(self.table, self.columns)).in_(select(*(given.c[n] for n in self.columns)))
        )


@dataclass(frozen=True, slots=True)
class Lock:
    table: Table
    read: bool
    key_share: bool

    def __call__(self, given: FromClause) -> Any:
        by = list(self.table.primary_key.columns)
        chosen = tuple_(*by).in_(select(*(given.c[of.name] for of in by)))
        locked = select(*by).where(chosen).order_by(*by)
        return locked.with_for_update(read=self.read, key_share=self.key_share)


@dataclass(frozen=True, slots=True)
class Locked:
    table: Table
    skip_locked: bool

    def __call__(self, given: FromClause) -> Any:
        by = list(self.table.primary_key.columns)
        chosen = tuple_(*by).in_(select(*(given.c[of.name] for of in by)))
        return select(self.table).where(chosen).order_by(*by).with_for_update(skip_locked=self.skip_locked)


# Statements as the driver takes them: made once, for building one costs more than running it.


@dataclass(frozen=True, slots=True)
class Prepared:
    sql: str
    parameters: tuple[str, ...]
    given: tuple[str, ...]
    constants: dict[str, Any]
    row: type[Any]
    processors: tuple[Callable[[Any], Any] | None, ...]

    def read(self, rows: Iterable[Sequence[Any]]) -> Rows:
        if not any(self.processors):
            return list(map(self.row._make, rows))
        return [
            self.row._make([turn(value) if turn else value for turn, value in zip(self.processors, row, strict=True)])
            for row in rows
        ]


_PREPARED: dict[tuple[str, Hashable], Prepared] = {}


def _prepare(
    dialect: Dialect, columns: Sequence[Column[Any]], build: Build, returned: Sequence[Column[Any]]
) -> Prepared:
    if getattr(build, "__closure__", None):
        raise TypeError("a statement is known by the function that builds it: it has to be one of a module")
    compiled = build(given.given(dialect, columns)).compile(dialect=dialect)
    processors = [of.type.dialect_impl(dialect).result_processor(dialect, None) for of in returned]
    row = namedtuple("row", [of.name for of in returned])  # type: ignore[misc]  # noqa: PYI024
    names = given.names(dialect, columns)
    constants = {name: value for name, value in compiled.params.items() if name not in names}
    return Prepared(compiled.string, tuple(compiled.positiontup), tuple(names), constants, row, tuple(processors))
