"""What there is to do in rooms, from their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, FromClause, and_, select, union

from adapters.database.bulk import Bulk, Rows
from adapters.database.schema import places, read_backs, rooms
from adapters.database.types import EPOCH, MICROSECOND, Instant
from sync.ids import AccountId, PersonId, RoomNo
from sync.places import MEMBER, NOBODY, OUT
from sync.platform import platform_of
from sync.room import ITSELF, REVERTED, STRANGER, Call, RoomPlace, RoomWork
from sync.successor import Successor

PLACE = [
    places.c[name]
    for name in (
        "room_no", "person_id", "account", "wanted", "observed", "leaving", "hold_no", "refused_for", "reasons",
        "cause_no", "left_at",
    )
]  # fmt: skip


async def works(bulk: Bulk, rows: Rows, now: datetime) -> dict[RoomNo, RoomWork]:
    """The rooms of these rows by number, in their order, with what there is to do in them."""
    asked: dict[RoomNo, dict[AccountId, tuple[PersonId, str]]] = defaultdict(dict)
    stand: dict[RoomNo, list[RoomPlace]] = defaultdict(list)
    for row in await bulk.matching(read_backs, ("room_no",), [(row.room_no,) for row in rows]):
        if row.why == REVERTED:
            stand[row.room_no].append(RoomPlace(STRANGER, row.account, OUT, MEMBER, leaving=True))
        elif row.at <= now:
            asked[row.room_no][row.account] = (row.person_id, row.why)
    data = [(row.room_no, now) for row in rows]
    for row in await bulk.ask(_standing, [rooms.c.room_no, Column("at", Instant)], data, PLACE):
        stand[row.room_no].append(room_place(row))
    successors = await _successors(bulk, rows)
    return {
        row.room_no: work_of(row, stand[row.room_no], asked[row.room_no], now, successors.get(row.room_no))
        for row in rows
    }


async def _successors(bulk: Bulk, rows: Rows) -> dict[RoomNo, Successor]:
    """Of rooms that are left, and whose people were not told so yet, those for which."""
    left = {row.left_for: row.room_no for row in rows if row.left_for not in {None, row.told_for}}
    found = await bulk.matching(rooms, ("room_no",), [(room_no,) for room_no in left])
    return {
        left[row.room_no]: Successor(
            row.room_no, row.wanted_title, platform_of(row.platform_token), row.invite_link or None
        )
        for row in found
    }


def work_of(
    row: Any,
    stand: Iterable[RoomPlace],
    asked: Mapping[AccountId, tuple[PersonId, str]],
    loaded_at: datetime,
    successor: Successor | None = None,
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
        invite_link=row.invite_link,
        kept_for=row.kept_for,
        lacks=row.lacks,
        takes_over=row.takes_over,
        successor=successor,
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


def room_place(row: Any) -> RoomPlace:
    held = row.hold_no is not None
    reasons = tuple(reason for reason, *_ in row.reasons)
    wanted = OUT if _has_left(row) else row.wanted
    came_back = wanted == OUT and bool(reasons) and not held and row.left_at is None
    of_wish = row.leaving, held, row.refused_for, reasons, row.cause_no, came_back
    return RoomPlace(row.person_id, row.account, wanted, row.observed, *of_wish)


def _has_left(row: Any) -> bool:
    """Persons who left by themselves are out: they are not added back before planning has seen it."""
    if row.left_at is None or row.observed != OUT:
        return False
    return all(EPOCH + since * MICROSECOND < row.left_at for *_, since in row.reasons)
