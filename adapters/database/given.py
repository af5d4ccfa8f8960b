"""Data as a table in a statement: its size changes the parameters, never the statement.

On PostgreSQL each column is one text whose parts a separator divides: asyncpg asks of every element of an array whether
it is itself a container, which cost as much as a third of a batch. On SQLite all of it is one JSON text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    FromClause,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from adapters.database.types import Ids, Json

Values = Sequence[Any]

SEPARATOR, NULL = "\x1f", "\x1e"  # longer ones are taken where the data have these in them


def parameters(dialect: Dialect, columns: Sequence[Column[Any]], data: Iterable[Values]) -> list[Any]:
    """The parameters of a statement over the data, in the order of `names`."""
    if dialect.name == "sqlite":
        return [_as_json(dialect, columns, data)]
    arrays = list(zip(*data, strict=True))
    if not arrays:
        return [SEPARATOR, NULL, *(None for _ in columns)]  # an array of nothing has no rows
    written = [_written(of, values) for of, values in zip(columns, arrays, strict=True)]
    separator, null = SEPARATOR, NULL
    while (packed := [_packed(values, separator, null) for values in written]) and None in packed:
        separator, null = separator + SEPARATOR + NULL, null + SEPARATOR * 2
    return [separator, null, *packed]


def names(dialect: Dialect, columns: Sequence[Column[Any]]) -> list[str]:
    """The names of these parameters."""
    if dialect.name == "sqlite":
        return ["given"]
    return ["given_separator", "given_null", *(f"given_{place}" for place in range(len(columns)))]


def given(
    dialect: Dialect, columns: Sequence[Column[Any]], values: Mapping[str, Any] = MappingProxyType({})
) -> FromClause:
    """The data as a table named `given`; its parameters have these values, where they have any yet."""
    if dialect.name == "sqlite":
        each = func.json_each(bindparam("given", values.get("given"), type_=Text)).table_valued("value")
        picked = [
            type_coerce(func.json_extract(each.c.value, literal_column(f"'$[{place}]'")), of.type).label(of.name)
            for place, of in enumerate(columns)
        ]
        return select(*picked).subquery("given")
    arrays = [_array(f"given_{place}", of, values) for place, of in enumerate(columns)]
    typed = [column(of.name, of.type) for of in columns]
    return func.unnest(*arrays).table_valued(*typed, name="given").render_derived()


def plain(of: Column[Any]) -> TypeEngine[Any]:
    """PostgreSQL's own type of a column."""
    kind: TypeEngine[Any] = of.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _as_json(dialect: Dialect, columns: Sequence[Column[Any]], data: Iterable[Values]) -> str:
    turns = [of.type.dialect_impl(dialect).bind_processor(dialect) for of in columns]
    if any(turns):
        data = [[turn(v) if turn else v for turn, v in zip(turns, row, strict=True)] for row in data]
    text: bytes = orjson.dumps(list(map(tuple, data)))
    return text.decode()


def _array(name: str, of: Column[Any], values: Mapping[str, Any]) -> Any:
    kind = plain(of)
    if _text_of(kind) is None:
        return bindparam(name, values.get(name), type_=ARRAY(kind, dimensions=1))
    texts = (bindparam(each, values.get(each), type_=Text) for each in (name, "given_separator", "given_null"))
    parts = func.string_to_array(*texts, type_=ARRAY(Text))
    ours = func.trim_array(parts, 1, type_=ARRAY(Text))  # the last is none of ours: no text at all would be no parts
    return cast(ours, ARRAY(kind, dimensions=1))


def _written(of: Column[Any], values: Values) -> list[Any] | list[str | None]:
    """The values of a column as text, None as it is; of types that are handed over as they are the values."""
    text_of = _text_of(plain(of))
    if isinstance(of.type, Json | Ids):
        return [of.type.process_bind_param(value) for value in values]
    if text_of is None:
        return Whole(values)
    return [None if value is None else text_of(value) for value in values]


class Whole(list[Any]):
    """Values that are handed over as they are."""


def _packed(values: list[Any], separator: str, null: str) -> Any:
    """One text of all values; None where one of them has a separator in it."""
    if isinstance(values, Whole):
        return values
    text = separator.join([*(null if value is None else value for value in values), ""])
    right = text.count(separator) == len(values) and text.count(null) == values.count(None)
    return text if right else None


def _text_of(kind: TypeEngine[Any]) -> Callable[[Any], str] | None:
    """How a value of a type is written; None of types that are handed over as they are."""
    return next((text_of for of, text_of in _TEXTS if isinstance(kind, of)), None)


_TEXTS: tuple[tuple[type[TypeEngine[Any]], Callable[[Any], str]], ...] = (
    (Text, str),
    (BigInteger, str),
    (Boolean, lambda value: "t" if value else "f"),
    (DateTime, lambda value: value.isoformat()),
    (Date, lambda value: value.isoformat()),
)


def bound(dialect: Dialect, columns: Sequence[Column[Any]], data: Iterable[Values]) -> FromClause:
    """The data as a table within a statement that SQLAlchemy itself is to run."""
    return given(dialect, columns, dict(zip(names(dialect, columns), parameters(dialect, columns, data), strict=True)))
