"""Writing what planning decided: rooms, the wanted half of places, holds, and which rooms fall due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Row, func, select, update

from adapters.database.organisations import Organisations
from adapters.database.rows import room_of
from adapters.database.slices import Slices
from adapters.database.tables import holds, organisations, places, platform_tokens, removals, rooms, school_years
from adapters.database.types import EPOCH, MICROSECOND
from sync.due import grades
from sync.facts import REGISTRATION
from sync.guards import Counted, Seen
from sync.places import NOBODY, NONE, OUT, Place, Room
from sync.plan import PlaceChange
from sync.platform import token_name
from sync.ports.plans import Batch, Chosen, Hold
from sync.room import LEAVERS
from sync.school_years import Reached

KEY = ("organisation_id", "person_id", "room_no", "account")
WANTED = ("wanted", "reasons", "cause_no", "wanted_at", "leaving", "hold_no")
REMOVAL = ("organisation_id", "room_no", "person_id")


class Plans(Organisations, Slices):
    linger: timedelta  # how long a room waits from its first due change, so that many become one call

    async def open_rooms(self, new: Sequence[Room]) -> list[Room]:
        tokens = await self._tokens({room.organisation_id for room in new})
        data = [
            (r.organisation_id, r.chat_id, r.life, tokens[r.organisation_id], token_urlsafe(12), r.wanted_title)
            for r in sorted(new, key=lambda room: (room.organisation_id, room.chat_id, room.life))
        ]
        columns = ("organisation_id", "chat_id", "life", "platform_token", "nonce", "wanted_title")
        made = [column.name for column in rooms.columns]
        rows = await self.insert(rooms, columns, data, conflict=("organisation_id", "chat_id", "life"), returning=made)
        return [room_of(row) for row in rows]

    async def _tokens(self, schools: Collection[str]) -> dict[str, str]:
        rows = await self.matching(organisations, ("organisation_id",), [(school,) for school in schools])
        return {row.organisation_id: token_name(row.platform, row.account) for row in rows}

    async def removals_since(self, since: Mapping[str, datetime]) -> dict[str, frozenset[tuple[str, str]]]:
        found: dict[str, set[tuple[str, str]]] = {school: set() for school in since}
        given = self.rows([removals.c.organisation_id], [(school,) for school in since])
        query = select(removals, rooms.c.chat_id).join(rooms, rooms.c.room_no == removals.c.room_no)
        for row in await self.fetch(query.join(given, given.c.organisation_id == removals.c.organisation_id)):
            if row.at > since[row.organisation_id]:
                found[row.organisation_id].add((row.chat_id, row.person_id))
        return {school: frozenset(pairs) for school, pairs in found.items()}

    async def seen(self, organisation_ids: Collection[str]) -> dict[str, Seen]:
        given = self.rows([places.c.organisation_id], [(school,) for school in organisation_ids])
        query = select(places.c.organisation_id, rooms.c.chat_id, places.c.person_id).join(
            rooms, rooms.c.room_no == places.c.room_no
        )
        query = query.join(given, given.c.organisation_id == places.c.organisation_id)
        by_chat: dict[str, dict[str, set[str]]] = {school: {} for school in organisation_ids}
        for row in await self.fetch(query.where(places.c.account != NOBODY, places.c.observed != OUT)):
            by_chat[row.organisation_id].setdefault(row.chat_id, set()).add(row.person_id)
        return {school: _seen(of_chat) for school, of_chat in by_chat.items()}

    async def hold(self, hold: Hold, now: datetime) -> int:
        lines = [line._asdict() for line in hold.lines]
        columns = ("organisation_id", "limit_hit", "persons", "plan", "made_at", "expires_at")
        data = [(hold.organisation_id, hold.limit, hold.persons, lines, now, hold.expires_at)]
        return int((await self.insert(holds, columns, data, returning=("hold_no",)))[0].hold_no)

    async def write(self, batch: Batch, now: datetime) -> None:
        changes = [change for plan in batch.plans for change in plan.places]
        await self._write_rooms(batch, now)
        await self._write_places(changes)
        await self._write_removals(batch.counted, changes, now)
        await self._write_reached(batch.reached)
        await self.write_schedule({key: row for key, row in batch.schedule.items() if key not in batch.stalled})
        await self.write_stalled(batch.stalled, now)

    async def _write_places(self, changes: Sequence[PlaceChange]) -> None:
        """What is wanted; what is asked for anew is so whatever was answered the last time."""
        gone = [_key(change.place) for change in changes if change.after is None]
        await self.delete(places, KEY, sorted(gone))
        kept = {_key(place): place for place in (change.after for change in changes) if place is not None}
        data = [(*key, *_wanted(kept[key])) for key in sorted(kept)]
        await self.insert(places, (*KEY, *WANTED), data, update=WANTED)
        again = [change for change in changes if change.retried or (change.enters and change.before is not None)]
        anew = sorted(_key(change.place) for change in again)
        refusal = ("refused_code", "refused_for")
        await self.update(places, KEY, refusal, [(*key, None, None) for key in anew])
        links = sorted({change.place.room_no for change in changes if change.retried})  # they may be others by now
        await self.update(rooms, ("room_no",), ("invite_link",), [(room_no, None) for room_no in links])

    async def _write_removals(self, counted: Iterable[Counted], changes: Iterable[PlaceChange], now: datetime) -> None:
        """The log that guards count by: who comes back is taken out of it."""
        back = {_removal(change.place) for change in changes if change.enters}
        await self.delete(removals, REMOVAL, sorted(back))
        planned = {_removal(change.place) for of_school in counted for change in of_school}
        await self.insert(removals, (*REMOVAL, "at"), [(*key, now) for key in sorted(planned)], update=("at",))

    async def _write_reached(self, reached: Mapping[str, Sequence[Reached]]) -> None:
        data = [(school, *student) for school, students in sorted(reached.items()) for student in students]
        await self.insert(school_years, ("organisation_id", *Reached._fields), data, update=Reached._fields[1:])

    async def chosen_account(self, organisation_id: str) -> Chosen | None:
        await self.lock(organisations, [(organisation_id,)])
        registered = await self.words(REGISTRATION, ("organisation_id",), [(organisation_id,)])
        own = await self.matching(organisations, ("organisation_id",), [(organisation_id,)])
        stand = (rooms.c.organisation_id == organisation_id) & rooms.c.external_chat_id.is_not(None)
        chats = (await self.fetch(select(func.count()).select_from(rooms).where(stand)))[0][0]
        return Chosen(own[0].platform, own[0].account, chats) if registered and own else None

    async def choose_account(self, organisation_id: str, platform: str, account: str) -> None:
        own = organisations.c.organisation_id == organisation_id
        await self.execute(update(organisations).where(own).values(platform=platform, account=account))
        nowhere = (rooms.c.organisation_id == organisation_id) & (rooms.c.observed_life == NONE)
        idle = rooms.c.lease_until.is_(None)
        await self.execute(update(rooms).where(nowhere, idle).values(platform_token=token_name(platform, account)))

    async def close_notice(self, organisation_id: str, student_id: str, now: datetime) -> bool:
        own = (school_years.c.organisation_id == organisation_id) & (school_years.c.student_id == student_id)
        stands = school_years.c.noticed_on.is_not(None) & school_years.c.closed_at.is_(None)
        return await self.execute(update(school_years).where(own, stands).values(closed_at=now)) == 1

    # rooms: locked before their places, as settling does

    async def _write_rooms(self, batch: Batch, now: datetime) -> None:
        wishes = {c.after.room_no: c.after for plan in batch.plans for c in plan.rooms if c.before is not None}
        due = {room_no: grade for plan in batch.plans for room_no, grade in grades(plan).items()}
        rows = await self._locked(wishes.keys() | due.keys())
        turns = await self._turns(rows, due)
        data = []
        for row in rows:
            wish = wishes.get(row.room_no)
            title, life = (wish.wanted_title, wish.wanted_life) if wish else (row.wanted_title, row.wanted_life)
            data.append((row.room_no, title, life, *self._due(row, due.get(row.room_no), turns, now)))
        columns = ("wanted_title", "wanted_life", "due_at", "grade", "turn")
        await self.update(rooms, ("room_no",), columns, data)

    def _due(self, row: Row[Any], grade: int | None, turns: Mapping[int, int], now: datetime) -> tuple[Any, ...]:
        """A room that is due already keeps its turn; what is more urgent brings it forward."""
        if grade is None:
            return row.due_at, row.grade, row.turn
        at = now if grade == LEAVERS else now + self.linger
        if row.due_at is None:
            return at, grade, turns[row.room_no]
        return min(at, row.due_at), min(grade, row.grade), row.turn

    async def _turns(self, rows: Iterable[Row[Any]], due: Collection[int]) -> dict[int, int]:
        """The fair queue: each school gets one room a round, from the round that its token has come to."""
        new = [row for row in rows if row.room_no in due and row.due_at is None]
        schools = await self.matching(organisations, ("organisation_id",), {(row.organisation_id,) for row in new})
        tokens = await self.matching(platform_tokens, ("token",), {(row.platform_token,) for row in new})
        served = {row.token: row.last_turn for row in tokens}
        last = {row.organisation_id: row.last_turn for row in schools}
        turns = {}
        for row in new:
            turn = 1 + max(last[row.organisation_id], served.get(row.platform_token, 0))
            turns[row.room_no] = last[row.organisation_id] = turn
        await self.update(organisations, ("organisation_id",), ("last_turn",), sorted(last.items()))
        return turns


def _key(place: Place) -> tuple[Any, ...]:
    return place.organisation_id, place.person_id, place.room_no, place.account


def _removal(place: Place) -> tuple[str, int, str]:
    return place.organisation_id, place.room_no, place.person_id


def _wanted(place: Place) -> tuple[Any, ...]:
    reasons = [[*ground, (since - EPOCH) // MICROSECOND] for *ground, since in place.reasons]
    return place.wanted, reasons, place.cause_no, place.wanted_at, place.leaving, place.hold_no


def _seen(by_chat: Mapping[str, set[str]]) -> Seen:
    everybody = frozenset(person for persons in by_chat.values() for person in persons)
    return Seen(everybody, {chat: frozenset(persons) for chat, persons in by_chat.items()}, frozenset())
