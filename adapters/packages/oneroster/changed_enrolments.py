"""Reads what the rows of a delta change; what they mean is told by what is known."""

from __future__ import annotations

from functools import partial

from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import BLANK_DAY, day_of, flag_of
from adapters.packages.oneroster.layouts import Dialect
from adapters.packages.oneroster.records import id_of, is_id, records
from adapters.packages.oneroster.users import Users
from adapters.packages.roster.role_words import role_of
from adapters.packages.roster.roster import Changes, SeatChange
from adapters.packages.spill.mappings import SpillMap


def changes_of(tables: Tables, users: Users, dialect: Dialect) -> Changes:
    """Raises PackageError."""
    removed: SpillMap[str, bool] = tables.spill.mapping()
    for id_, person in users.people.entries():
        if person is None:
            removed[id_] = True
    return Changes(
        removed_people=removed,
        removed_posts=users.removed_posts,
        seats=records(tables.rows(dialect.enrollments), tables.spill, partial(_seat, tables)),
        one_role=dialect.roles is None,
    )


def _seat(tables: Tables, row: Row, *, gone: bool) -> SeatChange | None:
    role = role_of(row, "role")
    if role is None:
        return None
    for column in ("classSourcedId", "userSourcedId"):
        if not is_id(id_of(row, column)):
            row.warn("bad_id" if row[column] else "dangling_reference", "an id of 1 to 128 characters", column)
            return None
    return SeatChange(
        id_of(row, "classSourcedId"),
        id_of(row, "schoolSourcedId") or None,
        id_of(row, "userSourcedId"),
        role,
        flag_of(row, "primary") is True,
        day_of(row, "beginDate") or BLANK_DAY,
        tables.options.is_over(day_of(row, "endDate")) or gone,
        row.place("classSourcedId"),
    )
