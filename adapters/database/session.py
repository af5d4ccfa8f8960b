"""One transaction's connection, and the few statements everything is read and written by, many rows at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Column,
    FromClause,
    Row,
    Select,
    Table,
    Text,
    bindparam,
    column,
    delete,
    func,
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


class Session:
    """Statements in bulk over one open transaction. Rows are tuples in the order of the columns named."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.postgresql = connection.dialect.name == "postgresql"

    async def fetch(self, statement: Any, parameters: Any = None) -> Sequence[Row[Any]]:
        return (await self.connection.execute(statement, parameters)).fetchall()

    async def execute(self, statement: Any, parameters: Any = None) -> int:
        return (await self.connection.execute(statement, parameters)).rowcount

    def rows(self, columns: Sequence[Column[Any]], data: Iterable[Values], name: str = "given") -> FromClause:
        """The data as a table in a statement: its size changes the parameters, never the statement."""
        if self.postgresql:
            return self._unnested(columns, list(data), name)
        return self._from_json(columns, data, name)

    def _unnested(self, columns: Sequence[Column[Any]], data: list[Values], name: str) -> FromClause:
        arrays = list(zip(*data, strict=True)) or [()] * len(columns)
        parameters = [self._array(of, values) for of, values in zip(columns, arrays, strict=True)]
        typed = [column(of.name, of.type) for of in columns]
        return func.unnest(*parameters).table_valued(*typed, name=name).render_derived()

    def _array(self, of: Column[Any], values: Values) -> BindParameter[Any]:
        kind: TypeEngine[Any] = of.type
        if isinstance(kind, TypeDecorator):  # an array type would take a list among the values for a dimension
            values = [kind.process_bind_param(value, self.connection.dialect) for value in values]
            kind = kind.impl_instance
        return bindparam(None, list(values), type_=ARRAY(kind, dimensions=1), unique=True)

    def _from_json(self, columns: Sequence[Column[Any]], data: Iterable[Values], name: str) -> FromClause:
        dialect = self.connection.dialect
        to_text: list[Callable[[Any], Any]] = [
            of.type.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value) for of in columns
        ]
        values = [[turn(value) for turn, value in zip(to_text, row, strict=True)] for row in data]
        each = func.json_each(bindparam(None, json.dumps(values), type_=Text, unique=True)).table_valued("value")
        picked = [
            type_coerce(func.json_extract(each.c.value, f"$[{place}]"), of.type).label(of.name)
            for place, of in enumerate(columns)
        ]
        return select(*picked).subquery(name)

    def given(self, what: Select[Any], columns: Sequence[Column[Any]], data: Iterable[Values]) -> Select[Any]:
        """A query joined to the data on columns of the same names."""
        rows = self.rows(columns, data)
        return what.join(rows, tuple_(*columns) == tuple_(*(rows.c[of.name] for of in columns)))

    async def matching(self, table: Table, columns: Sequence[str], data: Iterable[Values]) -> Sequence[Row[Any]]:
        """The rows of a table whose columns have one of the given values; none of no values."""
        keys = sorted(set(map(tuple, data)))
        if not keys:
            return ()
        by = [table.c[name] for name in columns]
        rows = self.rows(by, keys)
        on = [mine == rows.c[mine.name] for mine in by]
        return await self.fetch(select(table).select_from(rows).join(table, _all(on)))

    async def insert(
        self,
        table: Table,
        columns: Sequence[str],
        data: Sequence[Values],
        *,
        update: Sequence[str] | None = None,
        conflict: Sequence[str] | None = None,
        returning: Sequence[str] = (),
    ) -> Sequence[Row[Any]]:
        """Inserts rows; on a conflict (with the primary key unless named) updates those columns, or does nothing."""
        if not data:
            return ()
        given = self.rows([table.c[name] for name in columns], data)
        source = select(*(given.c[name] for name in columns)).where(true())  # WHERE: SQLite needs it before ON CONFLICT
        dialect: Any = postgresql if self.postgresql else sqlite
        statement = dialect.insert(table).from_select(list(columns), source)
        key = list(conflict or [of.name for of in table.primary_key.columns])
        if update:
            taken = {name: statement.excluded[name] for name in update}
            statement = statement.on_conflict_do_update(index_elements=key, set_=taken)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=key)
        if returning:
            return await self.fetch(statement.returning(*(table.c[name] for name in returning)))
        await self.execute(statement)
        return ()

    async def update(self, table: Table, keys: Sequence[str], columns: Sequence[str], data: Sequence[Values]) -> int:
        """Sets columns of the rows with the given keys; a row of data is the keys, then the values."""
        if not data:
            return 0
        given = self.rows([table.c[name] for name in (*keys, *columns)], data)
        on = [table.c[name] == given.c[name] for name in keys]
        return await self.execute(update(table).where(*on).values({name: given.c[name] for name in columns}))

    async def delete(self, table: Table, columns: Sequence[str], data: Iterable[Values]) -> int:
        keys = list(data)
        if not keys:
            return 0
        by = [table.c[name] for name in columns]
        given = self.rows(by, keys)
        return await self.execute(delete(table).where(tuple_(*by).in_(select(*(given.c[of.name] for of in by)))))


def _all(conditions: Sequence[Any]) -> Any:
    first, *rest = conditions
    for condition in rest:
        first = first & condition
    return first
