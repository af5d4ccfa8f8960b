"""Which rooms are due: by grade, then turn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, FromClause, and_, exists, not_, or_, select

from adapters.database.session import Rows, Session
from adapters.database.tables import platform_tokens, rooms
from adapters.database.types import Code, Instant, Number
from sync.room import LISTING, REMOVALS

SOON = timedelta(seconds=1)  # adds of one plan fall due together; this much later is another matter

GIVEN: list[Column[Any]] = [
    Column("at", Instant),
    Column("soon", Instant),
    Column("most", Number),
    Column("token", Code),
]


async def due_rooms(session: Session, now: datetime, limit: int, seats: Mapping[str, int]) -> Rows:
    """The rows of up to `limit` rooms, locked, without those that somebody else has locked; of a token in `seats` at
    most so many.
    """
    narrow = {token: most for token, most in seats.items() if most < limit}
    found = await _due(session, now, limit, but_of=narrow) if narrow else await _due(session, now, limit)
    for token, most in sorted(narrow.items()):
        if most:
            found += await _due(session, now, most, token)
    return sorted(found, key=lambda row: (row.grade, row.turn, row.room_no))[:limit]


async def _due(
    session: Session, now: datetime, most: int, token: str | None = None, *, but_of: Mapping[str, int] | None = None
) -> list[Any]:
    """The rooms of one token, or of all but some."""
    tokens = [token] if token is not None else sorted(but_of or ())
    which = "one" if token is not None else "others" if tokens else "all"
    data = [(now, now + SOON, most, each) for each in tokens] or [(now, now + SOON, most, "")]

    def build(given: FromClause) -> Any:
        return _claimable(given, which)

    return list(await session.ask(("due", which), GIVEN, data, build, list(rooms.columns)))


def _claimable(given: FromClause, which: str) -> Any:
    now, soon, most = (select(given.c[name]).limit(1).scalar_subquery() for name in ("at", "soon", "most"))
    dead = rooms.c.lease_until < now
    mine = and_(rooms.c.due_at <= now, rooms.c.lease_until.is_(None))
    named = rooms.c.platform_token.in_(select(given.c.token))
    of_token = {"all": (), "one": (named,), "others": (not_(named),)}[which]
    return (
        select(rooms)
        .where(rooms.c.due_at.is_not(None), or_(mine, dead), *of_token)
        .where(not_(_paused(rooms, now)), not_(_adds_come_first(now, soon)), not_(_busy(now)))
        .order_by(rooms.c.grade, rooms.c.turn, rooms.c.room_no)
        .limit(most)
        .with_for_update(skip_locked=True, of=rooms)
    )


def _paused(of: Any, now: Any) -> Any:
    own = platform_tokens.c.token == of.c.platform_token
    return exists(select(platform_tokens.c.token).where(own, platform_tokens.c.paused_until > now))


def _busy(now: Any) -> Any:
    """A listing waits until its token has nothing else to do."""
    other = rooms.alias("urgent")
    waits = or_(other.c.due_at <= now, other.c.lease_until.is_not(None))
    urgent = select(other.c.room_no).where(
        other.c.platform_token == rooms.c.platform_token, other.c.grade < LISTING, waits, other.c.due_at.is_not(None)
    )
    return and_(rooms.c.grade == LISTING, exists(urgent))


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
