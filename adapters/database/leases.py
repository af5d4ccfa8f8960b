"""Leases: which room is whose to settle, for how long, and in which order. Rooms lock before their places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, FromClause, and_, case, exists, func, not_, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.session import Rows, Session
from adapters.database.tables import (
    places,
    platform_tokens,
    read_backs,
    rooms,
)
from adapters.database.types import Instant, Number
from sync.places import NOBODY, OUT
from sync.ports.settling import Release
from sync.room import ITSELF, LEAVERS, LISTING, REMOVALS, Act, Call, RoomPlace, RoomWork, Step

DatabaseClock = Callable[[AsyncConnection], Awaitable[datetime]]

LEASE = ("room_no", "lease_no")
AT, MOST = Column("at", Instant), Column("most", Number)

PLACE = [
    places.c[name]
    for name in (
        "room_no", "person_id", "account", "wanted", "observed", "leaving", "hold_no", "refused_for", "reasons",
        "cause_no",
    )
]  # fmt: skip


class Leases(Session):
    clock: DatabaseClock
    _now: datetime | None = None

    async def claim(self, limit: int, lease_s: float) -> list[RoomWork]:
        now = await self.now()
        claimed = await self.ask(("claim",), [AT, MOST], [(now, limit)], _due, list(rooms.columns))
        until = now + timedelta(seconds=lease_s)
        leased = [row._replace(lease_until=until, lease_no=row.lease_no + 1) for row in claimed]
        data = [(row.room_no, row.lease_until, row.lease_no) for row in leased]
        await self.update(rooms, ("room_no",), ("lease_until", "lease_no"), data)
        await self._served(leased)
        return list((await self.works(leased, now)).values())

    async def _served(self, claimed: Rows) -> None:
        turns: dict[str, int] = {}
        for row in claimed:
            turns[row.platform_token] = max(row.turn, turns.get(row.platform_token, 0))
        await self.insert(platform_tokens, ("token", "last_turn"), sorted(turns.items()), update=("last_turn",))

    async def intend(self, steps: Sequence[tuple[RoomWork, Step]], lease_s: float) -> None:
        until = await self.now() + timedelta(seconds=lease_s)
        data = [(room.room_no, room.lease_no, until, _in_flight(room, step)) for room, step in steps]
        await self.update(rooms, LEASE, ("lease_until", "in_flight"), data)

    async def release(self, releases: Sequence[Release]) -> None:
        now = await self.now()
        of = [*(rooms.c[name] for name in (*LEASE, "due_at", "grade", "attempts")), AT]
        data = [_released(each, now) for each in releases]
        await self.ask(("release",), of, data, _release, [])

    async def pause(self, token: str, seconds: float) -> None:
        until = await self.now() + timedelta(seconds=seconds)
        await self.insert(platform_tokens, ("token",), [(token,)])
        shorter = or_(platform_tokens.c.paused_until.is_(None), platform_tokens.c.paused_until < until)
        own = platform_tokens.c.token == token
        await self.execute(update(platform_tokens).where(own, shorter).values(paused_until=until))

    async def lock_rooms(self, room_nos: Collection[int]) -> dict[int, Any]:
        """The rows of rooms, locked in the order of their numbers; without those that somebody else has locked."""

        def build(given: FromClause) -> Any:
            chosen = select(rooms).where(rooms.c.room_no.in_(select(given.c.room_no)))
            return chosen.order_by(rooms.c.room_no).with_for_update(skip_locked=True)

        data = [(room_no,) for room_no in room_nos]
        rows = await self.ask(("lock rooms",), [rooms.c.room_no], data, build, list(rooms.columns))
        return {row.room_no: row for row in rows}

    # loading

    async def works(self, rows: Rows, now: datetime) -> dict[int, RoomWork]:
        """The rooms of these rows by number, in their order, with what there is to do in them."""
        asked: dict[int, dict[str, tuple[str, str]]] = defaultdict(dict)
        for row in await self.matching(read_backs, ("room_no",), [(row.room_no,) for row in rows]):
            if row.at <= now:
                asked[row.room_no][row.account] = (row.person_id, row.why)
        stand: dict[int, list[RoomPlace]] = defaultdict(list)
        data = [(row.room_no, now) for row in rows]
        for row in await self.ask(("stand",), [rooms.c.room_no, AT], data, _standing, PLACE):
            stand[row.room_no].append(_room_place(row))
        return {row.room_no: _work(row, stand[row.room_no], asked[row.room_no], now) for row in rows}

    async def now(self) -> datetime:
        """The database's time, so that all machines agree; as it was when the transaction first asked."""
        if self._now is None:
            self._now = await self.clock(self.connection)
        return self._now


# which rooms are due


def _due(given: FromClause) -> Any:
    now, most = select(given.c["at"]).scalar_subquery(), select(given.c.most).scalar_subquery()
    free = or_(rooms.c.lease_until.is_(None), rooms.c.lease_until < now)
    return (
        select(rooms)
        .where(rooms.c.due_at <= now, free, not_(_paused(now)), not_(_adds_come_first()), not_(_busy(now)))
        .order_by(rooms.c.grade, rooms.c.turn, rooms.c.room_no)
        .limit(most)
        .with_for_update(skip_locked=True, of=rooms)
    )


def _paused(now: Any) -> Any:
    own = platform_tokens.c.token == rooms.c.platform_token
    return exists(select(platform_tokens.c.token).where(own, platform_tokens.c.paused_until > now))


def _busy(now: Any) -> Any:
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


# what there is to do in them


def _standing(given: FromClause) -> Any:
    """The places that differ, those to be read back, and all others of the same accounts."""
    one, asked = places.alias("one"), read_backs
    differ = select(one.c.room_no, one.c.account).join(given, given.c.room_no == one.c.room_no)
    doubted = select(asked.c.room_no, asked.c.account).join(given, given.c.room_no == asked.c.room_no)
    accounts = union(
        differ.where(one.c.wanted != one.c.observed, one.c.account != NOBODY),
        doubted.where(asked.c["at"] <= given.c["at"], asked.c.account != ITSELF),
    ).subquery("accounts")
    same = and_(places.c.room_no == accounts.c.room_no, places.c.account == accounts.c.account)
    return select(*PLACE).join(accounts, same)


def _room_place(row: Any) -> RoomPlace:
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


def _work(row: Any, stand: Iterable[RoomPlace], asked: Mapping[str, tuple[str, str]], now: datetime) -> RoomWork:
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
        invite_link=row.invite_link,
        in_flight=Call(Act(flying["act"]), flying["persons"]) if flying else None,
    )


# what becomes of a lease


def _in_flight(room: RoomWork, step: Step) -> dict[str, Any] | None:
    return {"act": step.act.value, "persons": persons_of(room, step)} if step.writes else None


def persons_of(room: RoomWork, step: Step) -> dict[str, str]:
    """The accounts that a call speaks of, each with a person it is for."""
    return {place.account: place.person_id for place in room.places if place.account in step.accounts}


def _released(release: Release, now: datetime) -> tuple[Any, ...]:
    room, grade, retry_in_s = release
    due_at = None if retry_in_s is None else now + timedelta(seconds=retry_in_s)
    failed = retry_in_s is not None and retry_in_s > 0 and grade != LISTING
    return room.room_no, room.lease_no, due_at, grade or LEAVERS, room.attempts + 1 if failed else 0, now


def _release(given: FromClause) -> Any:
    """The room is due when it is told to be, and no later than its next read-back."""
    asked = read_backs.c
    later = select(func.min(asked["at"])).where(asked.room_no == rooms.c.room_no, asked["at"] > given.c["at"])
    read_at = later.correlate(rooms, given).scalar_subquery()
    due_at = case((or_(given.c.due_at.is_(None), read_at < given.c.due_at), read_at), else_=given.c.due_at)
    own = [rooms.c[name] == given.c[name] for name in LEASE]
    ended = {"lease_until": None, "in_flight": None, "grade": given.c.grade, "attempts": given.c.attempts}
    return update(rooms).where(*own).values(due_at=due_at, **ended)
