"""Which schools a reader may see, in a statement; and those whose planning fails."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from adapters.database.schema import organisations
from sync.views.registry import Schools


def of_schools(statement: Select[Any], column: Any, schools: Schools) -> Select[Any]:
    """The statement restricted to rows whose column is one of a token's few schools. They are bound as parameters, for
    a statement has only one table of given data.
    """
    return statement if schools is None else statement.where(column.in_(sorted(schools)))


def stalled_schools() -> Select[Any]:
    of = organisations.c
    failing = select(of.organisation_id, of.stalled_error, of.next_try_at, of.stalled_since)
    return failing.where(of.stalled_error.is_not(None)).order_by(of.organisation_id)
