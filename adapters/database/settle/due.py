"""Which rooms are due: by grade, then by their position in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, FromClause, and_, exists, not_, or_, select

from adapters.database.bulk import Bulk, Rows
from adapters.database.schema import platform_tokens, rooms
from adapters.database.types import Code, Instant, Number
from sync.room import LEAVERS, REMOVALS

ALL, ONE, ALL_BUT = "all", "one", "all but"  # the tokens whose rooms are looked for

SOON = timedelta(seconds=1)  # adds of one plan fall due together; this much later is another matter

GIVEN: list[Column[Any]] = [
    Column("at", Instant),
    Column("soon", Instant),
    Column("most", Number),
    Column("token", Code),
]


async def due_rooms(
    bulk: Bulk, now: datetime, limit: int, limits: Mapping[str, int], *, leavers_only: bool = False
) -> Rows:
    """The rows of up to `limit` rooms, locked, without those that somebody else has locked; of a token in `limits` at
    most so many.
    """
    narrow = {token: most for token, most in limits.items() if most < limit}
    found = list(await _found(bulk, Due(ALL_BUT if narrow else ALL, leavers_only), now, limit, sorted(narrow)))
    for token, most in sorted(narrow.items()):
        if most:
            found += await _found(bulk, Due(ONE, leavers_only), now, most, [token])
    return sorted(found, key=lambda row: (row.grade, row.queue_position, row.room_no))[:limit]


async def _found(bulk: Bulk, due: Due, now: datetime, most: int, tokens: Sequence[str]) -> Rows:
    data = [(now, now + SOON, most, token) for token in tokens or ("",)]
    return await bulk.ask(due, GIVEN, data, list(rooms.columns))


@dataclass(frozen=True, slots=True)
class Due:
    """The statement that locks rooms that are due: of all tokens, of one that is given, or of all but those given."""

    tokens: str
    leavers_only: bool

    def __call__(self, given: FromClause) -> Any:
        now, soon, most = (select(given.c[name]).limit(1).scalar_subquery() for name in ("at", "soon", "most"))
        dead = rooms.c.lease_until < now
        mine = and_(rooms.c.due_at <= now, rooms.c.lease_until.is_(None))
        named = rooms.c.platform_token.in_(select(given.c.token))
        of_tokens = {ALL: (), ONE: (named,), ALL_BUT: (not_(named),)}[self.tokens]
        of_grade = (rooms.c.grade <= LEAVERS,) if self.leavers_only else ()
        return (
            select(rooms)
            .where(rooms.c.due_at.is_not(None), or_(mine, dead), *of_tokens, *of_grade)
            .where(not_(_paused(rooms, now)), not_(_adds_come_first(now, soon)))
            .order_by(rooms.c.grade, rooms.c.queue_position, rooms.c.room_no)
            .limit(most)
            .with_for_update(skip_locked=True, of=rooms)
        )


def _paused(of: Any, now: Any) -> Any:
    own = platform_tokens.c.token == of.c.platform_token
    return exists(select(platform_tokens.c.token).where(own, platform_tokens.c.paused_until > now))


def _adds_come_first(now: Any, soon: Any) -> Any:
    """Ordinary removals wait while a room of the same school has more urgent work that can be tried and was not yet."""
    other = rooms.alias("other")
    tried = or_(other.c.due_at <= soon, other.c.lease_until.is_not(None))
    return and_(
        rooms.c.grade == REMOVALS,
        exists(
            select(other.c.room_no).where(
                other.c.organisation_id == rooms.c.organisation_id,
                other.c.grade < REMOVALS,
                other.c.attempts == 0,
                other.c.due_at.is_not(None),
                tried,
                not_(_paused(other, now)),
                other.c.room_no != rooms.c.room_no,
            )
        ),
    )
