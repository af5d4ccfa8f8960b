"""Leases: which room is whose to settle, and for how long. Rooms lock before their places."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, FromClause, case, func, or_, select, update

from adapters.database.session import Rows, Session
from adapters.database.settle.due import due_rooms
from adapters.database.settle.time import WHILE_LEASED
from adapters.database.tables import platform_tokens, read_backs, rooms
from adapters.database.types import Instant
from sync.acts.act import AnyAct
from sync.ports.settling import Release
from sync.room import LEAVERS, RoomWork

LEASE = ("room_no", "lease_no")
SINCE = Column("since", Instant)


async def leased(session: Session, now: datetime, limit: int, lease_s: float, seats: Mapping[str, int]) -> Rows:
    """The rows of rooms that are due, leased from now on."""
    until = now + timedelta(seconds=lease_s)
    due = await due_rooms(session, now, limit, seats)
    found = [row._replace(lease_until=until, lease_no=row.lease_no + 1) for row in due]
    data = [(row.room_no, until, row.lease_no, WHILE_LEASED) for row in found]
    await session.update(rooms, ("room_no",), ("lease_until", "lease_no", "due_at"), data)
    turns: dict[str, int] = {}
    for row in found:
        turns[row.platform_token] = max(row.turn, turns.get(row.platform_token, 0))
    await session.insert(platform_tokens, ("token", "last_turn"), sorted(turns.items()), update=("last_turn",))
    return found


async def locked(session: Session, room_nos: Collection[int]) -> dict[int, Any]:
    """The rows of rooms, locked in the order of their numbers; without those that somebody else has locked."""

    def build(given: FromClause) -> Any:
        chosen = select(rooms).where(rooms.c.room_no.in_(select(given.c.room_no)))
        return chosen.order_by(rooms.c.room_no).with_for_update(skip_locked=True)

    data = [(room_no,) for room_no in room_nos]
    rows = await session.ask(("lock rooms",), [rooms.c.room_no], data, build, list(rooms.columns))
    return {row.room_no: row for row in rows}


async def renew(session: Session, acts: Sequence[tuple[RoomWork, AnyAct]], until: datetime) -> None:
    """Notes calls; what was planned meanwhile is known to who makes them."""
    data = [(room.room_no, room.lease_no, until, _in_flight(room, act), WHILE_LEASED) for room, act in acts]
    await session.update(rooms, LEASE, ("lease_until", "in_flight", "due_at"), data)


def _in_flight(room: RoomWork, act: AnyAct) -> dict[str, Any] | None:
    return dict(act.noted(room)._asdict()) if act.writes else None


async def end(session: Session, releases: Sequence[Release], now: datetime) -> None:
    of = [*(rooms.c[name] for name in (*LEASE, "due_at", "grade", "attempts")), SINCE]
    await session.ask(("release",), of, [_ended(each, now) for each in releases], _end, [])


def _ended(release: Release, now: datetime) -> tuple[Any, ...]:
    room, grade, retry_in_s, attempts = release
    due_at = None if retry_in_s is None else now + timedelta(seconds=retry_in_s)
    return room.room_no, room.lease_no, due_at, grade or LEAVERS, attempts, room.loaded_at


def _end(given: FromClause) -> Any:
    """The room is due when it is told to be, and no later than its next read-back."""
    asked = read_backs.c
    later = select(func.min(asked["at"])).where(asked.room_no == rooms.c.room_no, asked["at"] > given.c.since)
    read_at = later.correlate(rooms, given).scalar_subquery()
    due_at = case((or_(given.c.due_at.is_(None), read_at < given.c.due_at), read_at), else_=given.c.due_at)
    own = [rooms.c[name] == given.c[name] for name in LEASE]
    ended = {"lease_until": None, "in_flight": None, "grade": given.c.grade, "attempts": given.c.attempts}
    return update(rooms).where(*own).values(due_at=due_at, **ended)


async def pause(session: Session, token: str, until: datetime) -> None:
    await session.insert(platform_tokens, ("token",), [(token,)])
    shorter = or_(platform_tokens.c.paused_until.is_(None), platform_tokens.c.paused_until < until)
    own = platform_tokens.c.token == token
    await session.execute(update(platform_tokens).where(own, shorter).values(paused_until=until))
