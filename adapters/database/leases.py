"""Leases: which room is whose to settle, for how long, and in which order. Rooms lock before their places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, exists, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.session import Session
from adapters.database.tables import (
    places,
    platform_tokens,
    read_backs,
    rooms,
)
from adapters.database.types import Instant
from sync.places import NOBODY, OUT
from sync.room import ITSELF, LEAVERS, LISTING, REMOVALS, Act, Call, RoomPlace, RoomWork

DatabaseClock = Callable[[AsyncConnection], Awaitable[datetime]]


class Leases(Session):
    clock: DatabaseClock
    _now: datetime | None = None

    # leases

    async def claim(self, limit: int, lease_s: float) -> list[RoomWork]:
        now = await self.now()
        claimed = await self.fetch(
            select(rooms)
            .where(rooms.c.due_at <= now, _free(now), not_(_paused(now)), not_(_adds_come_first()), not_(_busy(now)))
            .order_by(rooms.c.grade, rooms.c.turn, rooms.c.room_no)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        until = now + timedelta(seconds=lease_s)
        data = [(row.room_no, until, row.lease_no + 1) for row in claimed]
        await self.update(rooms, ("room_no",), ("lease_until", "lease_no"), data)
        await self._served(claimed)
        return await self._works([row.room_no for row in claimed], now)

    async def _served(self, claimed: Iterable[Row[Any]]) -> None:
        turns: dict[str, int] = {}
        for row in claimed:
            turns[row.platform_token] = max(row.turn, turns.get(row.platform_token, 0))
        await self.insert(platform_tokens, ("token", "last_turn"), sorted(turns.items()), update=("last_turn",))

    async def reload(self, room: RoomWork) -> RoomWork | None:
        now = await self.now()
        held = select(rooms.c.lease_no).where(rooms.c.room_no == room.room_no).with_for_update()
        lease = (await self.connection.execute(held)).scalar()
        if lease != room.lease_no:
            return None
        return (await self._works([room.room_no], now))[0]

    async def release(self, room: RoomWork, grade: int | None, retry_in_s: float | None) -> None:
        now = await self.now()
        later = select(func.min(read_backs.c.at, type_=Instant())).where(
            read_backs.c.room_no == room.room_no, read_backs.c.at > now
        )
        read_at = (await self.connection.execute(later)).scalar()
        due = None if retry_in_s is None else now + timedelta(seconds=retry_in_s)
        due_at = min((at for at in (due, read_at) if at is not None), default=None)
        failed = retry_in_s is not None and retry_in_s > 0 and grade != LISTING
        values = {
            "lease_until": None,
            "in_flight": None,
            "due_at": due_at,
            "grade": grade or LEAVERS,
            "attempts": room.attempts + 1 if failed else 0,
        }
        await self.execute(update(rooms).where(leased(room)).values(values))

    async def pause(self, token: str, seconds: float) -> None:
        until = await self.now() + timedelta(seconds=seconds)
        await self.insert(platform_tokens, ("token",), [(token,)])
        shorter = or_(platform_tokens.c.paused_until.is_(None), platform_tokens.c.paused_until < until)
        own = platform_tokens.c.token == token
        await self.execute(update(platform_tokens).where(own, shorter).values(paused_until=until))

    # loading

    async def _works(self, room_nos: Sequence[int], now: datetime) -> list[RoomWork]:
        found = await self.matching(rooms, ("room_no",), [(room_no,) for room_no in room_nos])
        asked: dict[int, dict[str, tuple[str, str]]] = defaultdict(dict)
        for row in await self.matching(read_backs, ("room_no",), [(room_no,) for room_no in room_nos]):
            if row.at <= now:
                asked[row.room_no][row.account] = (row.person_id, row.why)
        stand: dict[int, list[RoomPlace]] = defaultdict(list)
        for row in await self._places_of(room_nos, asked):
            stand[row.room_no].append(_room_place(row))
        by_no = {row.room_no: _work(row, stand[row.room_no], asked[row.room_no], now) for row in found}
        return [by_no[room_no] for room_no in room_nos]

    async def _places_of(
        self, room_nos: Sequence[int], asked: Mapping[int, Mapping[str, object]]
    ) -> Sequence[Row[Any]]:
        """The places that differ, those to be read back, and all others of the same accounts."""
        given = self.rows([places.c.room_no], [(room_no,) for room_no in room_nos])
        differing = (
            select(places.c.room_no, places.c.account)
            .join(given, given.c.room_no == places.c.room_no)
            .where(places.c.wanted != places.c.observed, places.c.account != NOBODY)
        )
        keys = {tuple(row) for row in await self.fetch(differing)}
        keys |= {(room_no, account) for room_no, accounts in asked.items() for account in accounts if account != ITSELF}
        return await self.matching(places, ("room_no", "account"), keys)

    async def now(self) -> datetime:
        """The database's time, so that all machines agree; as it was when the transaction first asked."""
        if self._now is None:
            self._now = await self.clock(self.connection)
        return self._now


def _free(now: datetime) -> Any:
    return or_(rooms.c.lease_until.is_(None), rooms.c.lease_until < now)


def _paused(now: datetime) -> Any:
    own = platform_tokens.c.token == rooms.c.platform_token
    return exists(select(platform_tokens.c.token).where(own, platform_tokens.c.paused_until > now))


def _busy(now: datetime) -> Any:
    """A listing waits until its token has nothing else to do."""
    other = rooms.alias("urgent")
    urgent = select(other.c.room_no).where(
        other.c.platform_token == rooms.c.platform_token, other.c.grade < LISTING, other.c.due_at <= now
    )
    return and_(rooms.c.grade == LISTING, exists(urgent))


def _adds_come_first() -> Any:
    """Ordinary removals wait while a room of the same school has more urgent work that was not tried yet."""
    other = rooms.alias("other")
    return and_(
        rooms.c.grade == REMOVALS,
        exists(
            select(other.c.room_no).where(
                other.c.organisation_id == rooms.c.organisation_id,
                other.c.grade < REMOVALS,
                other.c.attempts == 0,
                other.c.due_at.is_not(None),
                other.c.room_no != rooms.c.room_no,
            )
        ),
    )


def leased(room: RoomWork) -> Any:
    return and_(rooms.c.room_no == room.room_no, rooms.c.lease_no == room.lease_no)


def _room_place(row: Row[Any]) -> RoomPlace:
    return RoomPlace(
        row.person_id,
        row.account,
        row.wanted,
        row.observed,
        row.leaving,
        row.hold_no is not None and row.wanted == OUT,
        row.refused_for,
        tuple(reason for reason, *_ in row.reasons),
        row.cause_no,
    )


def _work(row: Row[Any], stand: Iterable[RoomPlace], asked: Mapping[str, tuple[str, str]], now: datetime) -> RoomWork:
    flying = row.in_flight
    return RoomWork(
        room_no=row.room_no,
        organisation_id=row.organisation_id,
        chat_id=row.chat_id,
        life=row.life,
        nonce=row.nonce,
        wanted_title=row.wanted_title,
        observed_title=row.observed_title,
        wanted_life=row.wanted_life,
        observed_life=row.observed_life,
        external_chat_id=row.external_chat_id,
        platform_token=row.platform_token,
        lease_no=row.lease_no,
        grade=row.grade,
        attempts=row.attempts,
        places=tuple(stand),
        read_backs=asked,
        loaded_at=now,
        to_list=row.to_list,
        in_flight=Call(Act(flying["act"]), flying["persons"]) if flying else None,
    )
