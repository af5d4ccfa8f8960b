"""Leases: which process settles which room, and for how long. Rooms are locked before their places."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, FromClause, case, func, or_, select, update

from adapters.database.bulk import AFFECTED, Bulk, Rows
from adapters.database.schema import affected, platform_tokens, read_backs, rooms
from adapters.database.settle.time import WHILE_LEASED
from adapters.database.types import Instant
from sync.acts.act import AnyAct
from sync.affected import MOVED
from sync.ids import NO_EVENT, RoomNo
from sync.ports.settling import Release
from sync.room import LEAVERS, RoomWork

LEASE = ("room_no", "lease_no")
SINCE = Column("since", Instant)


async def leased(bulk: Bulk, due: Rows, until: datetime) -> Rows:
    """The rows of rooms that are due and locked, leased from now on."""
    found = [row._replace(lease_until=until, lease_no=row.lease_no + 1) for row in due]
    data = [(row.room_no, until, row.lease_no, WHILE_LEASED) for row in found]
    await bulk.update(rooms, ("room_no",), ("lease_until", "lease_no", "due_at"), data)
    turns: dict[str, int] = {}
    for row in found:
        turns[row.platform_token] = max(row.queue_position, turns.get(row.platform_token, 0))
    await bulk.insert(platform_tokens, ("token", "last_turn"), sorted(turns.items()), update=("last_turn",))
    return found


async def locked(bulk: Bulk, room_nos: Collection[RoomNo]) -> dict[RoomNo, Any]:
    """The rows of rooms, locked in the order of their numbers; without those that somebody else has locked."""
    rows = await bulk.locked(rooms, [(room_no,) for room_no in room_nos], skip_locked=True)
    return {row.room_no: row for row in rows}


async def renew(bulk: Bulk, acts: Sequence[tuple[RoomWork, AnyAct]], until: datetime) -> None:
    """Record calls and renew the leases; the caller has read everything planned so far."""
    data = [(room.room_no, room.lease_no, until, _in_flight(room, act), WHILE_LEASED) for room, act in acts]
    await bulk.update(rooms, LEASE, ("lease_until", "in_flight", "due_at"), data)


def _in_flight(room: RoomWork, act: AnyAct) -> dict[str, Any] | None:
    return dict(act.noted(room)._asdict()) if act.writes else None


async def end(bulk: Bulk, releases: Sequence[Release], now: datetime) -> None:
    of = [*(rooms.c[name] for name in (*LEASE, "due_at", "grade", "attempts")), SINCE]
    await bulk.ask(_end, of, [_ended(each, now) for each in releases])
    await _perhaps_filled(
        bulk, [each.room for each in releases if each.room.takes_over and each.retry_in_s is None], now
    )


async def _perhaps_filled(bulk: Bulk, at_rest: Sequence[RoomWork], now: datetime) -> None:
    """Rooms that take over from others, in which nothing is left to be done: whether they are filled is planning's."""
    columns = ("organisation_id", "kind", "id", "event_no", "by_event", "at")
    data = sorted({(room.organisation_id, MOVED, room.chat_id, NO_EVENT, False, now) for room in at_rest})
    await bulk.insert(affected, columns, data, update=("at",))
    if data:
        await bulk.notify(AFFECTED)


def _ended(release: Release, now: datetime) -> tuple[Any, ...]:
    room, grade, retry_in_s, attempts = release
    due_at = None if retry_in_s is None else now + timedelta(seconds=retry_in_s)
    return room.room_no, room.lease_no, due_at, grade or LEAVERS, attempts, room.loaded_at


def _end(given: FromClause) -> Any:
    """The room is due when the outcome says so, and no later than its next read-back."""
    asked = read_backs.c
    later = select(func.min(asked["at"])).where(asked.room_no == rooms.c.room_no, asked["at"] > given.c.since)
    read_at = later.correlate(rooms, given).scalar_subquery()
    due_at = case((or_(given.c.due_at.is_(None), read_at < given.c.due_at), read_at), else_=given.c.due_at)
    own = [rooms.c[name] == given.c[name] for name in LEASE]
    ended = {"lease_until": None, "in_flight": None, "grade": given.c.grade, "attempts": given.c.attempts}
    return update(rooms).where(*own).values(due_at=due_at, **ended)


async def pause(bulk: Bulk, token: str, until: datetime) -> None:
    await bulk.insert(platform_tokens, ("token",), [(token,)])
    shorter = or_(platform_tokens.c.paused_until.is_(None), platform_tokens.c.paused_until < until)
    own = platform_tokens.c.token == token
    await bulk.execute(update(platform_tokens).where(own, shorter).values(paused_until=until))
