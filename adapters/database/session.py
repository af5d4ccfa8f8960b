"""Statements in bulk, each known by a name typed by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Column, FromClause

from adapters.database import given
from adapters.database.bulk import Bulk, Rows, Values

__all__ = ["Rows", "Session", "Values"]


class Session(Bulk):
    def rows(self, columns: Sequence[Column[Any]], data: Iterable[Values]) -> FromClause:
        """The data as a table in a statement that SQLAlchemy is to run."""
        return given.bound(self.dialect, columns, data)

    async def ask(self, what: Any, columns: Any, data: Any, build: Any = None, returned: Any = ()) -> Rows:  # type: ignore[override]
        if isinstance(what, tuple) and callable(build):
            return await super().ask(Named(what, build), columns, data, returned)
        return await super().ask(what, columns, data, build or ())


class Named:
    def __init__(self, what: Any, build: Callable[[FromClause], Any]) -> None:
        self.what, self.build = what, build

    def __call__(self, given: FromClause) -> Any:
        return self.build(given)

    def __hash__(self) -> int:
        return hash(self.what)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and self.what == other.what
