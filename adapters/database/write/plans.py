"""Writing what planning decided: rooms and which of them fall due, the wanted half of places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import FromClause

from adapters.database.bulk import ROOMS_DUE, Bulk, Rows
from adapters.database.schema import organisations, passed_on, places, platform_tokens, removals, rooms, school_years
from adapters.database.types import EPOCH, MICROSECOND
from sync.due import grades
from sync.guards.leaving import Counted
from sync.ids import OrganisationId, PersonId, RoomNo
from sync.passing_on import PassedOn
from sync.places import Place, Room
from sync.plan import PlaceChange
from sync.platform import token_name
from sync.ports.plans import Batch
from sync.room import LEAVERS
from sync.school_years import Reached

KEY = ("organisation_id", "person_id", "room_no", "account")
WANTED = ("wanted", "reasons", "cause_no", "wanted_at", "leaving", "hold_no", "rejected")
REMOVAL = ("organisation_id", "room_no", "person_id")
WANTED_OF_ROOM = ("wanted_title", "wanted_life", "takes_over", "left_for")
DUE = (*WANTED_OF_ROOM, "due_at", "grade", "queue_position")


class PlanTables:
    """`linger`: how long a room waits from its first due change, so that many become one call."""

    def __init__(self, bulk: Bulk, linger: timedelta) -> None:
        self._bulk = bulk
        self._linger = linger

    async def open_rooms(self, new: Sequence[Room]) -> Rows:
        """The rows of the rooms that were made."""
        schools = {(room.organisation_id,) for room in new}
        found = await self._bulk.matching(organisations, ("organisation_id",), schools)
        tokens = {row.organisation_id: token_name(row.platform, row.account) for row in found}
        data = [
            (r.organisation_id, r.chat_id, r.life, tokens[r.organisation_id], token_urlsafe(12), r.wanted_title)
            for r in sorted(new, key=lambda room: (room.organisation_id, room.chat_id, room.life))
        ]
        columns = ("organisation_id", "chat_id", "life", "platform_token", "nonce", "wanted_title")
        made = [column.name for column in rooms.columns]
        return await self._bulk.insert(rooms, columns, data, conflict=columns[:3], returning=made)

    async def write(self, batch: Batch, now: datetime) -> None:
        changes = [change for plan in batch.plans for change in plan.places]
        await self._write_rooms(batch, now)
        await self._write_places(changes)
        await self._write_removals(batch.counted, changes, now)
        await self._write_reached(batch.reached)
        await self._write_passed_on(batch, now)

    async def _write_places(self, changes: Sequence[PlaceChange]) -> None:
        """Write the wanted half, and clear the refusals of wishes that are asked for anew."""
        gone = [_key(change.place) for change in changes if change.after is None]
        await self._bulk.delete(places, KEY, sorted(gone))
        kept = {_key(place): place for place in (change.after for change in changes) if place is not None}
        data = [(*key, *_wanted(kept[key])) for key in sorted(kept)]
        await self._bulk.insert(places, (*KEY, *WANTED), data, update=WANTED)
        again = [change for change in changes if change.retried or (change.enters and change.before is not None)]
        anew = sorted(_key(change.place) for change in again)
        refusal = ("refused_code", "refused_for")
        await self._bulk.update(places, KEY, refusal, [(*key, None, None) for key in anew])
        links = sorted({change.place.room_no for change in changes if change.retried})  # they may be others by now
        await self._bulk.update(rooms, ("room_no",), ("invite_link",), [(room_no, None) for room_no in links])

    async def _write_removals(self, counted: Iterable[Counted], changes: Iterable[PlaceChange], now: datetime) -> None:
        """The log of removals that guards count; a person who comes back is taken out of it."""
        back = {_removal(change.place) for change in changes if change.enters}
        await self._bulk.delete(removals, REMOVAL, sorted(back))
        planned: dict[tuple[str, int, str], set[str]] = {}
        for of_school in counted:
            for change, removed in of_school.items():
                planned.setdefault(_removal(change.place), set()).update(removed.kinds)
        data = [(*key, now, sorted(planned[key])) for key in sorted(planned)]
        await self._bulk.insert(removals, (*REMOVAL, "at", "kinds"), data, update=("at", "kinds"))

    async def _write_reached(self, reached: Mapping[OrganisationId, Sequence[Reached]]) -> None:
        data = [(school, *student) for school, students in sorted(reached.items()) for student in students]
        columns = ("organisation_id", *Reached._fields)
        await self._bulk.insert(school_years, columns, data, update=Reached._fields[1:])

    async def _write_passed_on(self, batch: Batch, now: datetime) -> None:
        """Of several holders in turn the first is remembered, as long as the entry is kept."""
        data = sorted((*each, now) for of_school in batch.passed_on.values() for each in of_school)
        await self._bulk.insert(passed_on, (*PassedOn._fields, "at"), data)

    async def close_notice(self, organisation_id: OrganisationId, student_id: PersonId, now: datetime) -> bool:
        of = [*(school_years.c[name] for name in ("organisation_id", "student_id", "closed_at"))]
        closed = await self._bulk.ask(_closed, of, [(organisation_id, student_id, now)], of[:1])
        return len(closed) == 1

    # rooms: locked before their places, as settling does

    async def _write_rooms(self, batch: Batch, now: datetime) -> None:
        wanted = {c.after.room_no: c.after for plan in batch.plans for c in plan.rooms if c.before is not None}
        due = {room_no: grade for plan in batch.plans for room_no, grade in grades(plan).items()}
        rows = await self._bulk.locked(rooms, [(room_no,) for room_no in wanted.keys() | due.keys()])
        queue_positions = await self._queue_positions(rows, due)
        data = []
        for row in rows:
            of: Any = wanted.get(row.room_no, row)
            due_at = self._due(row, due.get(row.room_no), queue_positions, now)
            after = (*(getattr(of, name) for name in WANTED_OF_ROOM), *due_at)
            if after != tuple(getattr(row, name) for name in DUE):
                data.append((row.room_no, *after))
        await self._bulk.update(rooms, ("room_no",), DUE, data)
        if due:
            await self._bulk.notify(ROOMS_DUE)

    def _due(
        self, row: Any, grade: int | None, queue_positions: Mapping[RoomNo, int], now: datetime
    ) -> tuple[Any, ...]:
        """A room that is due already keeps its position; more urgent work brings it forward."""
        if grade is None:
            return row.due_at, row.grade, row.queue_position
        at = now if grade == LEAVERS else now + self._linger
        if row.due_at is None:
            return at, grade, queue_positions[row.room_no]
        return min(at, row.due_at), min(grade, row.grade), row.queue_position

    async def _queue_positions(self, rows: Iterable[Any], due: Collection[RoomNo]) -> dict[RoomNo, int]:
        """The fair queue: each school gets one room a round, from the round that its token has come to."""
        new = [row for row in rows if row.room_no in due and row.due_at is None]
        keys = {(row.organisation_id,) for row in new}
        schools = await self._bulk.matching(organisations, ("organisation_id",), keys)
        tokens = await self._bulk.matching(platform_tokens, ("token",), {(row.platform_token,) for row in new})
        served = {row.token: row.last_turn for row in tokens}
        last = {row.organisation_id: row.last_turn for row in schools}
        queue_positions = {}
        for row in new:
            following = 1 + max(last[row.organisation_id], served.get(row.platform_token, 0))
            queue_positions[row.room_no] = last[row.organisation_id] = following
        await self._bulk.update(organisations, ("organisation_id",), ("last_turn",), sorted(last.items()))
        return queue_positions


def _closed(given: FromClause) -> Any:
    own = school_years.c
    same = (own.organisation_id == given.c.organisation_id) & (own.student_id == given.c.student_id)
    stands = own.noticed_on.is_not(None) & own.closed_at.is_(None)
    closing = school_years.update().where(same, stands).values(closed_at=given.c.closed_at)
    return closing.returning(own.organisation_id)


def _key(place: Place) -> tuple[Any, ...]:
    return place.organisation_id, place.person_id, place.room_no, place.account


def _removal(place: Place) -> tuple[OrganisationId, RoomNo, PersonId]:
    return place.organisation_id, place.room_no, place.person_id


def _wanted(place: Place) -> tuple[Any, ...]:
    reasons = [[*ground, (since - EPOCH) // MICROSECOND] for *ground, since in place.reasons]
    return place.wanted, reasons, place.cause_no, place.wanted_at, place.leaving, place.hold_no, place.rejected
