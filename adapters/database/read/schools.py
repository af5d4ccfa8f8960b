"""Which schools a reader may see, in a statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from adapters.database.session import Session
from adapters.database.tables import organisations
from sync.views.registry import Schools


def of_schools(session: Session, statement: Select[Any], column: Any, schools: Schools) -> Select[Any]:
    """The statement, of rows alone whose column names one of the schools."""
    if schools is None:
        return statement
    given = session.rows([organisations.c.organisation_id], [(key,) for key in sorted(schools)])
    return statement.where(column.in_(select(given.c.organisation_id)))
