"""Settling rooms: claims and leases, calls on their way, and the observed half of places. Rooms lock before places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, exists, func, literal, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.session import Session
from adapters.database.tables import (
    calls,
    changes,
    places,
    platform_tokens,
    read_backs,
    rooms,
    strangers,
    touched,
)
from adapters.database.types import Instant
from sync.answers import Change, Effects, Observation
from sync.places import NOBODY, OUT, UNKNOWN
from sync.room import ITSELF, LEAVERS, LISTING, REMOVALS, Act, Call, RoomPlace, RoomWork, Step
from sync.touched import PERSON

DatabaseClock = Callable[[AsyncConnection], Awaitable[datetime]]

OBSERVED = ("observed", "refused_code", "refused_for", "answer_no")
CHANGE = (
    "organisation_id", "room_no", "chat_id", "person_id", "account", "action", "role", "reasons", "cause_no",
    "call_no", "at",
)  # fmt: skip


class Settling(Session):
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
        await self.execute(update(rooms).where(_leased(room)).values(values))

    async def pause(self, token: str, seconds: float) -> None:
        until = await self.now() + timedelta(seconds=seconds)
        await self.insert(platform_tokens, ("token",), [(token,)])
        shorter = or_(platform_tokens.c.paused_until.is_(None), platform_tokens.c.paused_until < until)
        own = platform_tokens.c.token == token
        await self.execute(update(platform_tokens).where(own, shorter).values(paused_until=until))

    # calls

    async def intend(self, room: RoomWork, step: Step, lease_s: float) -> None:
        persons = {place.account: place.person_id for place in room.places if place.account in step.accounts}
        await self._renew(room, lease_s, {"act": step.act.value, "persons": persons})

    async def _renew(self, room: RoomWork, lease_s: float, in_flight: Mapping[str, Any] | None) -> bool:
        until = await self.now() + timedelta(seconds=lease_s)
        renewed = update(rooms).where(_leased(room)).values(lease_until=until, in_flight=in_flight)
        return await self.execute(renewed) == 1

    async def complete(self, room: RoomWork, step: Step, effects: Effects, lease_s: float) -> bool:
        if not await self._renew(room, lease_s, None):
            await self._unknown(room, step)
            return False
        call_no = await self._note_call(room, step, effects.answer) if step.writes else None
        await self._write(room, effects, call_no)
        if step.act is Act.READ and effects.observed:
            await self._read_done(room, step.accounts)
            await self._forget_strangers(room, effects.observed)
        if step.act is Act.LOOK and effects.room:
            await self._read_done(room, [ITSELF])
        if effects.listed is not None:
            await self._compare(room, effects.listed)
        if effects.changes:
            await self.update(rooms, ("room_no",), ("to_list",), [(room.room_no, True)])
        return True

    async def _compare(self, room: RoomWork, listed: Mapping[str, object]) -> None:
        """What a listing says differs is read back by id before it counts; strangers are none of ours."""
        stand = await self.matching(places, ("room_no",), [(room.room_no,)])
        differ = {
            (room.room_no, place.account, UNKNOWN)
            for place in stand
            if place.account != NOBODY and place.observed not in {UNKNOWN, listed.get(place.account, OUT)}
        }
        await self.update(places, ("room_no", "account"), ("observed",), sorted(differ))
        await self._forget_settled(room, [place.account for place in stand if place.account not in listed])
        await self.update(rooms, ("room_no",), ("to_list",), [(room.room_no, False)])

    async def _unknown(self, room: RoomWork, step: Step) -> None:
        """A completion without its lease: all it may say is that nobody knows."""
        if step.writes:
            await self.fetch(select(rooms.c.room_no).where(rooms.c.room_no == room.room_no).with_for_update())
            persons = {place.account: place.person_id for place in room.places if place.account in step.accounts}
            await self._note_call(room, step, "lease lost")
            await self._forget([(room.room_no, room.organisation_id, Call(step.act, persons))])

    async def forget_calls(self, rooms_: Sequence[RoomWork], again_in_s: float) -> None:
        dead = [(room.room_no, room.organisation_id, room.in_flight) for room in rooms_ if room.in_flight is not None]
        again = await self.now() + timedelta(seconds=again_in_s)
        await self._forget(dead)
        asked = [
            (room_no, account, person, "once more", again)
            for room_no, _, call in dead
            for account, person in call.persons.items()
        ]
        await self._ask(asked)
        await self.update(rooms, ("room_no",), ("in_flight",), [(room_no, None) for room_no, _, _ in dead])

    async def _forget(self, dead: Sequence[tuple[int, str, Call]]) -> None:
        """Whatever the calls spoke of is unknown: a place that is gone meanwhile comes back to be read."""
        now = await self.now()
        rows = [
            (organisation, person, room_no, account, UNKNOWN)
            for room_no, organisation, call in dead
            for account, person in call.persons.items()
        ]
        columns = ("organisation_id", "person_id", "room_no", "account", "observed")
        await self.insert(places, columns, sorted(rows), update=("observed",))
        lives = [(room_no, UNKNOWN) for room_no, _, call in dead if call.act in {Act.CREATE, Act.ARCHIVE}]
        await self.update(rooms, ("room_no",), ("observed_life",), lives)
        titles = [(room_no, None) for room_no, _, call in dead if call.act is Act.RENAME]
        await self.update(rooms, ("room_no",), ("observed_title",), titles)
        await self.update(rooms, ("room_no",), ("due_at", "grade"), [(room_no, now, LEAVERS) for room_no, _, _ in dead])

    async def _note_call(self, room: RoomWork, step: Step, answer: str) -> int:
        data = [(room.room_no, step.act.value, list(step.accounts), await self.now(), answer)]
        columns = ("room_no", "action", "accounts", "at", "answer")
        return int((await self.insert(calls, columns, data, returning=("call_no",)))[0].call_no)

    # what was observed

    async def absorb(self, room: RoomWork, effects: Effects) -> None:
        await self._write(room, effects, None)

    async def _write(self, room: RoomWork, effects: Effects, call_no: int | None) -> None:
        now = await self.now()
        if effects.room:
            await self.execute(update(rooms).where(rooms.c.room_no == room.room_no).values(effects.room))
        await self._observe(room, effects.observed, call_no)
        await self._leave(room, effects.left, now)
        superseded = [(room.organisation_id, p.person_id, room.room_no, p.account) for p in effects.superseded]
        await self.delete(places, ("organisation_id", "person_id", "room_no", "account"), superseded)
        await self.insert(
            changes, CHANGE, [_change(room, c, call_no, now) for c in effects.changes], conflict=("change_no",)
        )

    async def _observe(self, room: RoomWork, observed: Mapping[str, Observation], call_no: int | None) -> None:
        known = {place.account for place in room.places}
        data = [
            (room.room_no, account, seen.observed, seen.refused_code, seen.refused_for, call_no)
            for account, seen in sorted(observed.items())
            if account in known
        ]
        await self.update(places, ("room_no", "account"), OBSERVED, data)
        found = [
            (room.organisation_id, room.read_backs[account][0], room.room_no, account, seen.observed)
            for account, seen in sorted(observed.items())
            if account not in known and seen.observed != OUT and room.read_backs.get(account, ("",))[0]
        ]
        await self.insert(
            places, ("organisation_id", "person_id", "room_no", "account", "observed"), found, update=("observed",)
        )

    async def _leave(self, room: RoomWork, accounts: Iterable[str], now: datetime) -> None:
        """Left by themselves: noted, and planned anew."""
        left = [place for place in room.places if place.account in accounts]
        await self.update(places, ("room_no", "account"), ("left_at",), [(room.room_no, p.account, now) for p in left])
        data = sorted((room.organisation_id, PERSON, p.person_id, p.cause_no, False, now) for p in left)
        columns = ("organisation_id", "kind", "id", "event_no", "by_event", "at")
        await self.insert(touched, columns, data, update=("at",))

    async def _forget_settled(self, room: RoomWork, accounts: Sequence[str]) -> None:
        """Who is out, wanted out and free of any mark needs no row, once a listing has shown the same."""
        given = self.rows([places.c.account], [(account,) for account in accounts])
        gone = places.delete().where(
            places.c.room_no == room.room_no,
            places.c.account.in_(select(given.c.account)),
            places.c.account != NOBODY,
            places.c.wanted == OUT,
            places.c.observed == OUT,
            places.c.hold_no.is_(None),
            places.c.reasons == literal([], places.c.reasons.type),
        )
        await self.execute(gone)

    async def _read_done(self, room: RoomWork, accounts: Iterable[str]) -> None:
        """What was asked for again since the room was loaded may know more than the answer: it stays."""
        done = self.rows([read_backs.c.account], [(account,) for account in accounts])
        await self.execute(
            read_backs.delete().where(
                read_backs.c.room_no == room.room_no,
                read_backs.c.account.in_(select(done.c.account)),
                read_backs.c.at <= room.loaded_at,
            )
        )

    async def _forget_strangers(self, room: RoomWork, observed: Mapping[str, Observation]) -> None:
        gone = [(room.room_no, account) for account, seen in observed.items() if seen.observed == OUT]
        await self.delete(strangers, ("room_no", "account"), gone)

    async def ask_read_backs(self, asked: Sequence[tuple[str, str, str, str]]) -> None:
        now = await self.now()
        found = await self.matching(rooms, ("platform_token", "external_chat_id"), {(t, c) for t, c, _, _ in asked})
        numbers = {(row.platform_token, row.external_chat_id): row.room_no for row in found}
        known = [(numbers[t, c], account, "", why, now) for t, c, account, why in asked if (t, c) in numbers]
        await self.lock(rooms, [row[:1] for row in known])  # before its read-backs, as settling does
        await self._ask(known)
        await self.execute(
            update(rooms)
            .where(rooms.c.room_no.in_(select(self.rows([rooms.c.room_no], [row[:1] for row in known]).c.room_no)))
            .values(due_at=now, grade=LEAVERS)
        )

    async def _ask(self, asked: Sequence[tuple[int, str, str, str, datetime]]) -> None:
        columns = ("room_no", "account", "person_id", "why", "at")
        await self.insert(read_backs, columns, sorted(asked), update=("why", "at"))

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


def _leased(room: RoomWork) -> Any:
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


def _change(room: RoomWork, change: Change, call_no: int | None, now: datetime) -> tuple[Any, ...]:
    where = (room.organisation_id, room.room_no, room.chat_id, change.person_id, change.account)
    return (*where, change.action, change.role, list(change.reasons), change.cause_no, call_no, now)
