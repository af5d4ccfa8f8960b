"""Reads what the rows of a delta change; what they mean is told by what is known."""

from __future__ import annotations

from adapters.packages.layouts import Dialect
from adapters.packages.reader import Row
from adapters.packages.records import Ids, records
from adapters.packages.roster import Changes, SeatChange
from adapters.packages.sources import Sources
from adapters.packages.users import Users
from adapters.packages.values import BLANK_DAY, day_of, flag_of
from adapters.packages.words import role_of


def changes_of(sources: Sources, ids: Ids, users: Users, dialect: Dialect) -> Changes:
    """Raises PackageError."""

    def seat(row: Row, *, gone: bool) -> SeatChange | None:
        return _seat(sources, ids, row, gone=gone)

    seats = records(sources.rows(dialect.enrollments), ids, seat)
    return Changes(
        removed_people={ids(raw) for raw, person in users.people.items() if person is None},
        removed_posts={ids(raw): posts for raw, posts in users.removed_posts.items()},
        agents={ids(raw): (place, tuple(map(ids, agents))) for raw, (place, agents) in users.agents.items()},
        seats=[change for change in seats.values() if change is not None],
        one_role=dialect.roles is None,
    )


def _seat(sources: Sources, ids: Ids, row: Row, *, gone: bool) -> SeatChange | None:
    role = role_of(row, "role")
    if role is None:
        return None
    for column in ("classSourcedId", "userSourcedId"):
        if not ids.takes(row[column]):
            row.warn("bad_id" if row[column] else "dangling_reference", "an id of 1 to 128 characters", column)
            return None
    school = row["schoolSourcedId"]
    return SeatChange(
        ids(row["classSourcedId"]),
        ids(school) if school else None,
        ids(row["userSourcedId"]),
        role,
        flag_of(row, "primary") is True,
        day_of(row, "beginDate") or BLANK_DAY,
        sources.options.is_over(day_of(row, "endDate")) or gone,
        row.place("classSourcedId"),
    )
