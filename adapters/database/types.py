"""Column types that mean the same on PostgreSQL and on SQLite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import orjson
from sqlalchemy import BigInteger, Date, DateTime, Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Value = TypeVar("Value")

# Ids and sequences compare by code point everywhere; SQLite's own order of text is that already.
Code = Text().with_variant(Text(collation="C"), "postgresql")

Number = BigInteger().with_variant(Integer(), "sqlite")


Processor = Callable[[Any], Any] | None


class Native(TypeDecorator[Value]):
    """PostgreSQL's native type, without conversion; converted by `on_sqlite` on SQLite."""

    on_sqlite: TypeEngine[Any]

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(self.on_sqlite if dialect.name == "sqlite" else self.impl_instance)

    def bind_processor(self, dialect: Dialect) -> Processor:
        return super().bind_processor(dialect) if dialect.name == "sqlite" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        return super().result_processor(dialect, coltype) if dialect.name == "sqlite" else None


class Instant(Native[datetime]):
    """An aware instant in UTC: timestamptz, and microseconds since 1970 on SQLite."""

    impl = DateTime(timezone=True)
    on_sqlite = Integer()
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + value * MICROSECOND


class Day(Native[date]):
    """A date; `date.min` is «at once»."""

    impl = Date
    on_sqlite = Text()
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:  # noqa: ARG002
        return None if value is None else date.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """Small lists, stored as text; statements do not look inside."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect | None = None) -> str | None:  # noqa: ARG002 - the interface's
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect | None = None) -> Any:  # noqa: ARG002 - the interface's
        return None if value is None else orjson.loads(value)


class Bytes(Native[bytes]):
    """Bytes as they came; hexadecimal text on SQLite, whose rows are given as JSON."""

    impl = LargeBinary
    on_sqlite = Text()
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.hex()

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else bytes.fromhex(value)


class Ids(TypeDecorator[tuple[str, ...]]):
    """A list of ids, as text; None is told from an empty list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect | None = None) -> str | None:  # noqa: ARG002
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect | None = None) -> tuple[str, ...] | None:  # noqa: ARG002
        return None if value is None else tuple(orjson.loads(value))
