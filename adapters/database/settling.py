"""Settling rooms: calls on their way, and the observed half of places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import literal, select, update

from adapters.database.leases import Leases, leased
from adapters.database.tables import (
    calls,
    changes,
    places,
    read_backs,
    rooms,
    strangers,
    touched,
)
from sync.answers import Change, Effects, Observation
from sync.places import NOBODY, OUT, UNKNOWN
from sync.room import ITSELF, LEAVERS, Act, Call, RoomWork, Step
from sync.touched import PERSON

OBSERVED = ("observed", "refused_code", "refused_for", "answer_no")
CHANGE = (
    "organisation_id", "room_no", "chat_id", "person_id", "account", "action", "role", "reasons", "cause_no",
    "call_no", "at",
)  # fmt: skip


class Settling(Leases):
    """What is noted before a call, and what is written after its answer."""

    # calls

    async def intend(self, room: RoomWork, step: Step, lease_s: float) -> None:
        persons = {place.account: place.person_id for place in room.places if place.account in step.accounts}
        await self._renew(room, lease_s, {"act": step.act.value, "persons": persons})

    async def _renew(self, room: RoomWork, lease_s: float, in_flight: Mapping[str, Any] | None) -> bool:
        until = await self.now() + timedelta(seconds=lease_s)
        renewed = update(rooms).where(leased(room)).values(lease_until=until, in_flight=in_flight)
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
        now = await self.now()
        stand = await self.matching(places, ("room_no",), [(room.room_no,)])
        differ = {
            (room.room_no, place.account, place.person_id, "listed", now)
            for place in stand
            if place.account != NOBODY and place.observed not in {UNKNOWN, listed.get(place.account, OUT)}
        }
        await self._ask(list(differ))
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


def _change(room: RoomWork, change: Change, call_no: int | None, now: datetime) -> tuple[Any, ...]:
    where = (room.organisation_id, room.room_no, room.chat_id, change.person_id, change.account)
    return (*where, change.action, change.role, list(change.reasons), change.cause_no, call_no, now)
