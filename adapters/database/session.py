"""One transaction's connection, and the few statements everything is read and written by, many rows at a time."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Column,
    Dialect,
    FromClause,
    Row,
    Table,
    Text,
    and_,
    bindparam,
    column,
    delete,
    func,
    literal_column,
    select,
    true,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeDecorator, TypeEngine

Values = Sequence[Any]
Rows = Sequence[Any]  # of tuples with the columns' names


class Session:
    """Statements in bulk over one open transaction. Rows are tuples in the order of the columns named."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.dialect = connection.dialect
        self.postgresql = self.dialect.name == "postgresql"

    async def fetch(self, statement: Any) -> Sequence[Row[Any]]:
        return (await self.connection.execute(statement)).fetchall()

    async def execute(self, statement: Any) -> int:
        return (await self.connection.execute(statement)).rowcount

    def rows(self, columns: Sequence[Column[Any]], data: Iterable[Values]) -> FromClause:
        """The data as a table in a statement: its size changes the parameters, never the statement."""
        return _given(self.dialect, columns, _parameters(self.dialect, columns, data))

    async def matching(self, table: Table, columns: Sequence[str], data: Iterable[Values]) -> Rows:
        """The rows of a table whose columns have one of the given values; none of no values."""
        keys = sorted(set(map(tuple, data)))
        if not keys:
            return ()
        by = [table.c[name] for name in columns]

        def build(given: FromClause) -> Any:
            on = and_(*(mine == given.c[mine.name] for mine in by))
            return select(table).select_from(given).join(table, on)

        return await self.ask(("matching", table.name, *columns), by, keys, build, list(table.columns))

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
        if not data:
            return ()
        key = list(conflict) or [of.name for of in table.primary_key.columns]

        def build(given: FromClause) -> Any:
            dialect: Any = postgresql if self.postgresql else sqlite
            source = select(*(given.c[name] for name in columns)).where(true())  # SQLite wants it before ON CONFLICT
            statement = dialect.insert(table).from_select(list(columns), source)
            taken = {name: statement.excluded[name] for name in update}
            if taken:
                statement = statement.on_conflict_do_update(index_elements=key, set_=taken)
            else:
                statement = statement.on_conflict_do_nothing(index_elements=key)
            return statement.returning(*(table.c[name] for name in returning)) if returning else statement

        what = ("insert", table.name, *columns, "update", *update, "conflict", *key, "returning", *returning)
        of = [table.c[name] for name in columns]
        return await self.ask(what, of, data, build, [table.c[name] for name in returning])

    async def update(self, table: Table, keys: Sequence[str], columns: Sequence[str], data: Sequence[Values]) -> None:
        """Sets columns of the rows with the given keys; a row of data is the keys, then the values."""

        def build(given: FromClause) -> Any:
            on = [table.c[name] == given.c[name] for name in keys]
            return update(table).where(*on).values({name: given.c[name] for name in columns})

        of = [table.c[name] for name in (*keys, *columns)]
        await self.ask(("update", table.name, *keys, "set", *columns), of, data, build, [])

    async def delete(self, table: Table, columns: Sequence[str], data: Iterable[Values]) -> None:
        by = [table.c[name] for name in columns]

        def build(given: FromClause) -> Any:
            return delete(table).where(tuple_(*by).in_(select(*(given.c[of.name] for of in by))))

        await self.ask(("delete", table.name, *columns), by, list(data), build, [])

    async def lock(self, table: Table, keys: Iterable[Values], *, read: bool = False, key_share: bool = False) -> None:
        """Locks rows in the order of their keys; on SQLite the transaction is the lock."""
        wanted = sorted(set(map(tuple, keys)))
        if not wanted or not self.postgresql:
            return
        by = list(table.primary_key.columns)
        rows = self.rows(by, wanted)
        chosen = tuple_(*by).in_(select(*(rows.c[column.name] for column in by)))
        await self.fetch(select(*by).where(chosen).order_by(*by).with_for_update(read=read, key_share=key_share))

    async def ask(
        self,
        what: tuple[str, ...],
        columns: Sequence[Column[Any]],
        data: Sequence[Values],
        build: Callable[[FromClause], Any],
        returned: Sequence[Column[Any]],
    ) -> Rows:
        """Runs a statement over the data as a table. `what` names the statement that `build` makes, once for all."""
        if not data:
            return ()
        prepared = _PREPARED.get((self.dialect.name, *what))
        if prepared is None:
            prepared = _PREPARED[self.dialect.name, *what] = _prepare(self.dialect, columns, build, returned)
        parameters = _parameters(self.dialect, columns, data) | prepared.constants
        result = await self.connection.exec_driver_sql(
            prepared.sql, tuple(parameters[name] for name in prepared.parameters)
        )
        return prepared.read(result.fetchall()) if returned else ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as the driver takes it: made once, for building one costs more than running it."""

    sql: str
    parameters: tuple[str, ...]
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


_PREPARED: dict[tuple[str, ...], Prepared] = {}


def _prepare(
    dialect: Dialect,
    columns: Sequence[Column[Any]],
    build: Callable[[FromClause], Any],
    returned: Sequence[Column[Any]],
) -> Prepared:
    empty: dict[str, Any] = dict.fromkeys(_parameters(dialect, columns, ()), None)
    compiled = build(_given(dialect, columns, empty)).compile(dialect=dialect)
    processors = [of.type.dialect_impl(dialect).result_processor(dialect, None) for of in returned]
    row = namedtuple("row", [of.name for of in returned])  # type: ignore[misc]  # noqa: PYI024
    constants = {name: value for name, value in compiled.params.items() if name not in empty}
    return Prepared(compiled.string, tuple(compiled.positiontup), constants, row, tuple(processors))


# Data as a table: arrays that PostgreSQL unnests, one JSON text on SQLite.


def _parameters(dialect: Dialect, columns: Sequence[Column[Any]], data: Iterable[Values]) -> dict[str, Any]:
    if dialect.name == "sqlite":
        return {"given": _as_json(dialect, columns, data)}
    arrays = list(zip(*data, strict=True)) or [()] * len(columns)
    return {
        f"given_{place}": _as_array(dialect, of, values)
        for place, (of, values) in enumerate(zip(columns, arrays, strict=True))
    }


def _as_array(dialect: Dialect, of: Column[Any], values: Values) -> list[Any]:
    turn = of.type.dialect_impl(dialect).bind_processor(dialect)
    return list(values) if turn is None else [turn(value) for value in values]


def _as_json(dialect: Dialect, columns: Sequence[Column[Any]], data: Iterable[Values]) -> str:
    turns = [of.type.dialect_impl(dialect).bind_processor(dialect) for of in columns]
    return json.dumps([[turn(v) if turn else v for turn, v in zip(turns, row, strict=True)] for row in data])


def _given(dialect: Dialect, columns: Sequence[Column[Any]], parameters: dict[str, Any]) -> FromClause:
    if dialect.name == "sqlite":
        text = bindparam("given", parameters["given"], type_=Text)
        each = func.json_each(text).table_valued("value")
        picked = [
            type_coerce(func.json_extract(each.c.value, literal_column(f"'$[{place}]'")), of.type).label(of.name)
            for place, of in enumerate(columns)
        ]
        return select(*picked).subquery("given")
    arrays = [_array(name, of, parameters[name]) for name, of in zip(parameters, columns, strict=True)]
    typed = [column(of.name, of.type) for of in columns]
    return func.unnest(*arrays).table_valued(*typed, name="given").render_derived()


def _array(name: str, of: Column[Any], values: Any) -> BindParameter[Any]:
    kind: TypeEngine[Any] = of.type
    if isinstance(kind, TypeDecorator):  # its values are turned already: an array type would not tell lists from rows
        kind = kind.impl_instance
    return bindparam(name, values, type_=ARRAY(kind, dimensions=1))
