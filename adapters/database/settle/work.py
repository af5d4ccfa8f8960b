"""What there is to do in rooms, from their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, FromClause, and_, select, union

from adapters.database.session import Rows, Session
from adapters.database.tables import places, read_backs, rooms
from adapters.database.types import Instant
from sync.places import NOBODY, OUT
from sync.room import ITSELF, Call, RoomPlace, RoomWork

PLACE = [
    places.c[name]
    for name in (
        "room_no", "person_id", "account", "wanted", "observed", "leaving", "hold_no", "refused_for", "reasons",
        "cause_no",
    )
]  # fmt: skip


async def works(session: Session, rows: Rows, now: datetime) -> dict[int, RoomWork]:
    """The rooms of these rows by number, in their order, with what there is to do in them."""
    asked: dict[int, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in await session.matching(read_backs, ("room_no",), [(row.room_no,) for row in rows]):
        if row.at <= now:
            asked[row.room_no][row.account] = (row.person_id, row.why)
    stand: dict[int, list[RoomPlace]] = defaultdict(list)
    data = [(row.room_no, now) for row in rows]
    for row in await session.ask(("stand",), [rooms.c.room_no, Column("at", Instant)], data, _standing, PLACE):
        stand[row.room_no].append(_room_place(row))
    return {row.room_no: work_of(row, stand[row.room_no], asked[row.room_no], now) for row in rows}


def work_of(
    row: Any, stand: Iterable[RoomPlace], asked: Mapping[str, tuple[str, str]], loaded_at: datetime
) -> RoomWork:
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
        loaded_at=loaded_at,
        to_list=row.to_list,
        invite_link=row.invite_link,
        in_flight=Call(flying["act"], flying["persons"]) if flying else None,
    )


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
    held = row.hold_no is not None and row.wanted == OUT
    reasons = tuple(reason for reason, *_ in row.reasons)
    return RoomPlace(
        row.person_id, row.account, row.wanted, row.observed, row.leaving, held, row.refused_for, reasons, row.cause_no
    )
