"""What the rows of a OneRoster delta change: who is removed, and the rows of enrolments, read one by one.

What they mean is told by what is known, and so comes later.
"""

from __future__ import annotations

from functools import partial

from adapters.packages.files.days import BLANK_DAY, day_of
from adapters.packages.files.ids import id_of, own_id
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import flag_of
from adapters.packages.oneroster.dialects import Dialect
from adapters.packages.oneroster.records import records
from adapters.packages.oneroster.users import Users
from adapters.packages.roster.changes import Changes, EnrolmentChange
from adapters.packages.roster.role_words import role_of
from adapters.packages.spill.mappings import SpillMap


def changes_of(tables: Tables, users: Users, dialect: Dialect) -> Changes:
    """Reads enrollments.csv, and takes from the users read before who is removed.

    Raises:
        PackageError: a file that cannot be read; in strict mode, for any warning.
    """
    removed: SpillMap[str, bool] = tables.spill.mapping()
    for id_, person in users.people.entries():
        if person is None:
            removed[id_] = True
    return Changes(
        removed_people=removed,
        removed_posts=users.removed_posts,
        enrolments=records(tables.rows(dialect.enrollments), tables.spill, partial(_change, tables)),
        one_role=dialect.roles is None,
    )


def _change(tables: Tables, row: Row, *, gone: bool) -> EnrolmentChange:
    role = role_of(row, "role")
    for column in ("classSourcedId", "userSourcedId"):
        own_id(row, column)
    return EnrolmentChange(
        id_of(row, "classSourcedId"),
        id_of(row, "schoolSourcedId") or None,
        id_of(row, "userSourcedId"),
        role,
        flag_of(row, "primary") is True,
        day_of(row, "beginDate") or BLANK_DAY,
        tables.options.is_over(day_of(row, "endDate")) or gone,
        row.place("classSourcedId"),
    )
