"""Settling rooms: calls on their way, and the observed half of places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import FromClause, literal, select, update

from adapters.database.leases import Leases, persons_of
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
from sync.ports.settling import Done
from sync.room import ITSELF, LEAVERS, Act, Call, RoomWork
from sync.touched import PERSON

SEEN = ("external_chat_id", "observed_life", "observed_title", "invite_link", "to_list")
OBSERVED = ("observed", "refused_code", "refused_for", "answer_no")
CHANGE = (
    "organisation_id", "room_no", "chat_id", "person_id", "account", "action", "role", "reasons", "cause_no",
    "call_no", "at",
)  # fmt: skip


class Settling(Leases):
    """What is written after an answer, of as many rooms as have one."""

    async def complete(self, done: Sequence[Done]) -> dict[int, RoomWork | None]:
        now = await self.now()
        rows = await self.lock_rooms([each.room.room_no for each in done])
        found = [each for each in done if each.room.room_no in rows]
        mine = [each for each in found if each.room.lease_no == rows[each.room.room_no].lease_no]
        await self._unknown([each for each in found if each.room.lease_no != rows[each.room.room_no].lease_no])
        await self._write(mine, now)
        written = [_as_written(rows[each.room.room_no], each) for each in mine]
        changed = [row for row in written if row != rows[row.room_no]]
        await self.update(
            rooms, ("room_no",), SEEN, [(row.room_no, *(getattr(row, name) for name in SEEN)) for row in changed]
        )
        return dict.fromkeys(rows) | await self.works(written, now)

    async def _unknown(self, late: Sequence[Done]) -> None:
        """Completions without their lease: all they may say is that nobody knows."""
        writes = [each for each in late if each.step is not None and each.step.writes]
        await self._note_calls([replace(each, effects=Effects(answer="lease lost")) for each in writes])
        await self._forget([(e.room.room_no, e.room.organisation_id, _call_of(e)) for e in writes])

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

    async def _note_calls(self, done: Sequence[Done]) -> dict[int, int]:
        """The numbers of the calls, by room."""
        now = await self.now()
        data = [
            (each.room.room_no, each.step.act.value, list(each.step.accounts), now, each.effects.answer)
            for each in done
            if each.step is not None and each.step.writes
        ]
        columns = ("room_no", "action", "accounts", "at", "answer")
        noted = await self.insert(calls, columns, data, returning=("room_no", "call_no"))
        return {row.room_no: row.call_no for row in noted}

    # what was observed

    async def _write(self, done: Sequence[Done], now: datetime) -> None:
        call_nos = await self._note_calls(done)
        await self._observe(done, call_nos)
        await self._leave(done, now)
        superseded = [
            (each.room.organisation_id, place.person_id, each.room.room_no, place.account)
            for each in done
            for place in each.effects.superseded
        ]
        await self.delete(places, ("organisation_id", "person_id", "room_no", "account"), superseded)
        told = [
            _change(each.room, change, call_nos.get(each.room.room_no), now)
            for each in done
            for change in each.effects.changes
        ]
        await self.insert(changes, CHANGE, told, conflict=("change_no",))
        await self._read_done(done)
        for each in done:
            if each.effects.listed is not None:
                await self._compare(each.room, each.effects.listed)

    async def _observe(self, done: Sequence[Done], call_nos: Mapping[int, int]) -> None:
        data, found = [], []
        for room, effects in ((each.room, each.effects) for each in done):
            known = {place.account for place in room.places}
            for account, seen in sorted(effects.observed.items()):
                person = room.read_backs.get(account, ("",))[0]
                if account in known:
                    data.append((room.room_no, account, *seen_as(seen), call_nos.get(room.room_no)))
                elif person and seen.observed != OUT:
                    found.append((room.organisation_id, person, room.room_no, account, seen.observed))
        await self.update(places, ("room_no", "account"), OBSERVED, data)
        columns = ("organisation_id", "person_id", "room_no", "account", "observed")
        await self.insert(places, columns, found, update=("observed",))

    async def _leave(self, done: Sequence[Done], now: datetime) -> None:
        """Left by themselves: noted, and planned anew."""
        left = [(each.room, p) for each in done for p in each.room.places if p.account in each.effects.left]
        data = [(room.room_no, place.account, now) for room, place in left]
        await self.update(places, ("room_no", "account"), ("left_at",), data)
        again = {(room.organisation_id, PERSON, p.person_id): (p.cause_no, False, now) for room, p in left}
        columns = ("organisation_id", "kind", "id", "event_no", "by_event", "at")
        await self.insert(touched, columns, [(*key, *again[key]) for key in sorted(again)], update=("at",))

    async def _read_done(self, done: Sequence[Done]) -> None:
        """What was asked for again since the room was loaded may know more than the answer: it stays."""
        answered = [(each.room, account) for each in done for account in _read_in(each)]

        def build(given: FromClause) -> Any:
            own = [read_backs.c[name] == given.c[name] for name in ("room_no", "account")]
            known = select(given.c.room_no).where(*own, read_backs.c["at"] <= given.c["at"])
            return read_backs.delete().where(known.correlate(read_backs).exists())

        of = [read_backs.c[name] for name in ("room_no", "account", "at")]
        data = [(room.room_no, account, room.loaded_at) for room, account in answered]
        await self.ask(("read done",), of, data, build, [])
        gone = [
            (each.room.room_no, account)
            for each in done
            if each.step is not None and each.step.act is Act.READ
            for account, seen in each.effects.observed.items()
            if seen.observed == OUT
        ]
        await self.delete(strangers, ("room_no", "account"), gone)

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


def _as_written(row: Any, done: Done) -> Any:
    """A room's row with what its answer says of the room itself."""
    values: dict[str, Any] = dict(done.effects.room)
    if done.effects.changes or done.effects.listed is not None:
        values["to_list"] = done.effects.listed is None
    return row._replace(**values)


def _call_of(done: Done) -> Call:
    assert done.step is not None  # noqa: S101 - asked of calls alone
    return Call(done.step.act, persons_of(done.room, done.step))


def _read_in(done: Done) -> Iterable[str]:
    """The accounts that an answer has settled the doubts of; the room itself is one."""
    if done.step is None:
        return ()
    if done.step.act is Act.LOOK and done.effects.room:
        return (ITSELF,)
    return done.step.accounts if done.step.act is Act.READ and done.effects.observed else ()


def seen_as(seen: Observation) -> tuple[Any, ...]:
    return seen.observed, seen.refused_code, seen.refused_for
