"""What a listing of a chat says: it counts only once it was read back by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import literal, select

from adapters.database.session import Session
from adapters.database.settle.read_backs import Asked, ask
from adapters.database.tables import places
from sync.places import NOBODY, OUT, UNKNOWN
from sync.ports.settling import Done


async def compare(session: Session, done: Sequence[Done], now: datetime) -> None:
    for each in done:
        if each.effects.listed is not None:
            await _compare(session, each.room.room_no, each.effects.listed, now)


async def _compare(session: Session, room_no: int, listed: Mapping[str, str], now: datetime) -> None:
    """What differs is read back; strangers are none of ours."""
    stand = await session.matching(places, ("room_no",), [(room_no,)])
    differ = [
        Asked(room_no, place.account, place.person_id, "listed", now)
        for place in stand
        if place.account != NOBODY and place.observed not in {UNKNOWN, listed.get(place.account, OUT)}
    ]
    await ask(session, differ)
    await _forget_settled(session, room_no, [place.account for place in stand if place.account not in listed])


async def _forget_settled(session: Session, room_no: int, accounts: Sequence[str]) -> None:
    """Who is out, wanted out and free of any mark needs no row, once a listing has shown the same."""
    given = session.rows([places.c.account], [(account,) for account in accounts])
    gone = places.delete().where(
        places.c.room_no == room_no,
        places.c.account.in_(select(given.c.account)),
        places.c.account != NOBODY,
        places.c.wanted == OUT,
        places.c.observed == OUT,
        places.c.hold_no.is_(None),
        places.c.left_at.is_(None),
        places.c.reasons == literal([], places.c.reasons.type),
    )
    await session.execute(gone)
