"""What has to be read back in rooms, from when on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import FromClause, select

from adapters.database.session import Session
from adapters.database.tables import read_backs, rooms, strangers
from sync.places import OUT
from sync.ports.settling import Done
from sync.room import LEAVERS


class Asked(NamedTuple):
    """As a row is."""

    room_no: int
    account: str
    person_id: str
    why: str
    at: datetime


async def ask(session: Session, asked: Iterable[Asked]) -> None:
    await session.insert(read_backs, Asked._fields, sorted(set(asked)), update=("why", "at"))


async def ask_by_chat(session: Session, asked: Sequence[tuple[str, str, str, str]], now: datetime) -> None:
    """(token, external chat id, account, why); the rooms are due at once. Chats not ours are passed over."""
    found = await session.matching(rooms, ("platform_token", "external_chat_id"), {(t, c) for t, c, _, _ in asked})
    numbers = {(row.platform_token, row.external_chat_id): row.room_no for row in found}
    known = [Asked(numbers[t, c], account, "", why, now) for t, c, account, why in asked if (t, c) in numbers]
    if not known:
        return
    await session.lock(rooms, [(each.room_no,) for each in known])  # before its read-backs, as settling does
    await ask(session, known)
    await fall_due(session, [each.room_no for each in known], now)


async def fall_due(session: Session, room_nos: Iterable[int], now: datetime) -> None:
    data = [(room_no, now, LEAVERS) for room_no in sorted(set(room_nos))]
    await session.update(rooms, ("room_no",), ("due_at", "grade"), data)


async def asked_by(session: Session, done: Iterable[Done], now: datetime) -> None:
    """What answers leave to be read back."""
    await ask(
        session,
        (
            Asked(each.room.room_no, account, person, why, now + timedelta(seconds=in_s))
            for each in done
            for account, person, why, in_s in each.effects.asks
        ),
    )


async def settled_by(session: Session, done: Sequence[Done]) -> None:
    """What was asked for again since the room was loaded may know more than the answer: it stays."""
    of = [read_backs.c[name] for name in ("room_no", "account", "at")]
    data = [
        (each.room.room_no, account, each.room.loaded_at)
        for each in done
        for account in each.effects.settled
        if account in each.room.read_backs
    ]
    await session.ask(("read back",), of, data, _forgotten, [])
    gone = [
        (each.room.room_no, account)
        for each in done
        for account in each.effects.settled
        if account in each.effects.observed and each.effects.observed[account].observed == OUT
    ]
    await session.delete(strangers, ("room_no", "account"), gone)


def _forgotten(given: FromClause) -> Any:
    own = [read_backs.c[name] == given.c[name] for name in ("room_no", "account")]
    known = select(given.c.room_no).where(*own, read_backs.c["at"] <= given.c["at"])
    return read_backs.delete().where(known.correlate(read_backs).exists())
