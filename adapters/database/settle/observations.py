"""The observed half of places, and what goes out of it: changes, and who left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.database.bulk import AFFECTED, Bulk
from adapters.database.schema import affected, calls, changes, places, read_backs, strangers
from adapters.database.settle.work import room_place
from sync.acts.effects import Change, Observation, observing
from sync.affected import PERSON
from sync.ids import AccountId, RoomNo
from sync.places import NOBODY, OUT, UNKNOWN
from sync.ports.settling import Done
from sync.room import STRANGER, RoomPlace, RoomWork

KEY = ("organisation_id", "person_id", "room_no", "account")
OBSERVED = ("observed", "refused_code", "refused_for", "answer_no")
CHANGE = (
    "organisation_id", "room_no", "chat_id", "person_id", "account", "action", "role", "reasons", "cause_no",
    "call_no", "at",
)  # fmt: skip


async def note_calls(bulk: Bulk, done: Sequence[Done], now: datetime) -> dict[int, int]:
    """The numbers of the calls that were answered, by room."""
    data = [
        (each.room.room_no, each.act.name, list(each.act.accounts), now, each.effects.answer)
        for each in done
        if each.act is not None and each.act.writes
    ]
    columns = ("room_no", "action", "accounts", "at", "answer")
    noted = await bulk.insert(calls, columns, data, returning=("room_no", "call_no"))
    return {row.room_no: row.call_no for row in noted}


async def observe(bulk: Bulk, done: Sequence[Done], call_nos: Mapping[int, int]) -> None:
    """Writes what was observed of accounts: with their places, or (where it is not simply «out») with a new one."""
    data: list[tuple[Any, ...]] = []
    found: list[tuple[Any, ...]] = []
    for room, effects in ((each.room, each.effects) for each in done):
        for account, seen in sorted(effects.observed.items()):
            data.append((room.room_no, account, *seen, call_nos.get(room.room_no)))
            person = effects.persons.get(account)
            if person and seen.observed != OUT and (seen.observed == UNKNOWN or not _speaks_of(room, account)):
                found.append((room.organisation_id, person, room.room_no, account, seen.observed))
    await bulk.update(places, ("room_no", "account"), OBSERVED, data)
    await bulk.insert(places, (*KEY, "observed"), sorted(found), update=("observed",))


def _speaks_of(room: RoomWork, account: AccountId) -> bool:
    return any(place.account == account for place in room.places)


async def tell(bulk: Bulk, done: Sequence[Done], call_nos: Mapping[int, int], now: datetime) -> None:
    told = [
        _change(each.room, change, call_nos.get(each.room.room_no), now)
        for each in done
        for change in each.effects.changes
        if change.person_id != STRANGER
    ]
    await bulk.insert(changes, CHANGE, told, conflict=("change_no",))


def _change(room: RoomWork, change: Change, call_no: int | None, now: datetime) -> tuple[Any, ...]:
    where = (room.organisation_id, room.room_no, room.chat_id, change.person_id, change.account)
    return (*where, change.action, change.role, list(change.reasons), change.cause_no, call_no, now)


async def leave(bulk: Bulk, done: Sequence[Done], now: datetime) -> None:
    """Note who left or came back by themselves, to be planned anew; of persons who returned unwanted only note it."""
    left = [(each.room, p) for each in done for p in each.room.places if p.account in each.effects.left]
    back = [(each.room, p) for each in done for p in each.room.places if p.account in each.effects.back and p.has_left]
    data: list[tuple[Any, ...]] = [(room.room_no, place.account, now) for room, place in left]
    data += [(room.room_no, place.account, None) for room, place in back]
    await bulk.update(places, ("room_no", "account"), ("left_at",), data)
    returned = [(each.room.room_no, account, now) for each in done for account in each.effects.returned]
    await bulk.update(places, ("room_no", "account"), ("returned_at",), returned)
    again = {(room.organisation_id, PERSON, p.person_id): (p.cause_no, False, now) for room, p in (*left, *back)}
    columns = ("organisation_id", "kind", "id", "event_no", "by_event", "at")
    await bulk.insert(affected, columns, [(*key, *again[key]) for key in sorted(again)], update=("at",))
    if again:
        await bulk.notify(AFFECTED)


async def yield_places(bulk: Bulk, done: Sequence[Done]) -> None:
    """Delete places whose account now stands for somebody else, and strangers who have a place."""
    gone = [
        (each.room.organisation_id, place.person_id, each.room.room_no, place.account)
        for each in done
        for place in each.effects.superseded
    ]
    await bulk.delete(places, KEY, gone)
    known = [(room_no, account) for _, person, room_no, account in gone if person == STRANGER]
    for table in (strangers, read_backs):
        await bulk.delete(table, ("room_no", "account"), known)


async def emptied(bulk: Bulk, done: Sequence[Done]) -> None:
    """That a chat is no more says of everybody believed in it that they are out: a change to be told like any other.

    Before `empty`, which forgets that they were in.
    """
    gone = {each.room.room_no: each for each in done if each.effects.gone}
    stood: dict[RoomNo, list[RoomPlace]] = {number: [] for number in gone}
    for row in await bulk.matching(places, ("room_no",), [(number,) for number in gone]):
        stood[row.room_no].append(room_place(row))
    for number, each in gone.items():
        out = dict.fromkeys((place.account for place in stood[number] if place.account != NOBODY), Observation(OUT))
        each.effects.changes += observing(replace(each.room, places=tuple(stood[number])), out).changes


async def empty(bulk: Bulk, room_nos: Sequence[RoomNo]) -> None:
    """Clear a chat that is gone: nobody is in it, strangers included, and nothing can be read back."""
    numbers = [(number,) for number in room_nos]
    await bulk.update(places, ("room_no",), ("observed",), [(number, OUT) for number in room_nos])
    for table in (strangers, read_backs):
        await bulk.delete(table, ("room_no",), numbers)
