"""What has to be read back in rooms, from when on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import FromClause, select

from adapters.database.bulk import Bulk
from adapters.database.schema import read_backs, rooms
from sync.ids import NO_PERSON, AccountId, PersonId, RoomNo
from sync.ports.settling import Done
from sync.room import LEAVERS


class Asked(NamedTuple):
    """A row of the table."""

    room_no: RoomNo
    account: AccountId
    person_id: PersonId
    why: str
    at: datetime


async def ask(bulk: Bulk, asked: Iterable[Asked]) -> None:
    await bulk.insert(read_backs, Asked._fields, sorted(set(asked)), update=("why", "at"))


async def ask_by_chat(bulk: Bulk, asked: Sequence[tuple[str, str, AccountId, str]], now: datetime) -> None:
    """(token, external chat id, account, why); the rooms are due at once. Chats not ours are passed over."""
    found = await bulk.matching(rooms, ("platform_token", "external_chat_id"), {(t, c) for t, c, _, _ in asked})
    numbers = {(row.platform_token, row.external_chat_id): row.room_no for row in found}
    known = [Asked(numbers[t, c], account, NO_PERSON, why, now) for t, c, account, why in asked if (t, c) in numbers]
    if not known:
        return
    await bulk.lock(rooms, [(each.room_no,) for each in known])  # before its read-backs, as settling does
    await ask(bulk, known)
    await fall_due(bulk, [each.room_no for each in known], now)


async def fall_due(bulk: Bulk, room_nos: Iterable[RoomNo], now: datetime) -> None:
    data = [(room_no, now, LEAVERS) for room_no in sorted(set(room_nos))]
    await bulk.update(rooms, ("room_no",), ("due_at", "grade"), data)


async def asked_by(bulk: Bulk, done: Iterable[Done], now: datetime) -> None:
    """The read-backs that answers ask for."""
    await ask(
        bulk,
        (
            Asked(each.room.room_no, account, person, why, now + timedelta(seconds=in_s))
            for each in done
            for account, person, why, in_s in each.effects.asks
        ),
    )


async def settled_by(bulk: Bulk, done: Sequence[Done]) -> None:
    """A read-back requested since the room was loaded may be newer than the answer: it stays."""
    of = [read_backs.c[name] for name in ("room_no", "account", "at")]
    data = [
        (each.room.room_no, account, each.room.loaded_at)
        for each in done
        for account in each.effects.settled
        if account in each.room.read_backs
    ]
    await bulk.ask(_forgotten, of, data)


def _forgotten(given: FromClause) -> Any:
    own = [read_backs.c[name] == given.c[name] for name in ("room_no", "account")]
    known = select(given.c.room_no).where(*own, read_backs.c["at"] <= given.c["at"])
    return read_backs.delete().where(known.correlate(read_backs).exists())
