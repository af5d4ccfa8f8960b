"""What looks leave: read-backs, when rooms were looked at, and what was found in those of a school."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, FromClause, and_, case, literal, not_, or_, select, update

from adapters.database.bulk import ROOMS_DUE, Bulk
from adapters.database.looking.progress import end
from adapters.database.schema import places, read_backs, reconcile_rooms, rooms
from adapters.database.settle.read_backs import Asked
from adapters.database.types import Instant
from sync.ids import RoomNo
from sync.looks import RETURNED_SHOWN
from sync.places import OUT
from sync.ports.looking import Looked
from sync.room import LEAVERS

AT = Column("at", Instant)
FOUND = ("looked_at", "failure", "differences")


async def finish(bulk: Bulk, looked: Sequence[Looked], now: datetime) -> None:
    await bulk.lock(rooms, {(each.room.room_no,) for each in looked})  # before their places, as settling does
    seen = [each for each in looked if each.members is not None and each.room.apply]
    data = [(each.room.room_no, each.room.lease_no, now) for each in seen]
    await bulk.ask(_looked_at, [rooms.c.room_no, rooms.c.lease_no, rooms.c.looked_at], data)
    await _leave(bulk, [each for each in looked if each.room.apply], now)
    before = now - RETURNED_SHOWN
    forgotten: list[tuple[Any, ...]] = [
        (each.room.room_no, account, before, []) for each in seen for account in each.gone
    ]
    await bulk.ask(_forgotten, [places.c.room_no, places.c.account, AT, places.c.reasons], forgotten)
    of_runs = [each for each in looked if each.room.run_no is not None and not each.again]
    found = [(each.room.run_no, each.room.room_no, now, each.failure, _lines(each)) for each in of_runs]
    await bulk.update(reconcile_rooms, ("run_no", "room_no"), FOUND, found)
    await end(bulk, {each.room.run_no for each in of_runs if each.room.run_no is not None}, now)


def _lines(looked: Looked) -> list[dict[str, Any]]:
    return [difference._asdict() for difference in looked.differences]


async def _leave(bulk: Bulk, looked: Iterable[Looked], now: datetime) -> None:
    """Existing read-backs stay as they are: an update may know more than a look shows."""
    asked = {
        Asked(each.room.room_no, ask.account, ask.person_id, ask.why, now + timedelta(seconds=ask.in_s))
        for each in looked
        for ask in each.asks
    }
    await bulk.insert(read_backs, Asked._fields, sorted(asked))
    first: dict[RoomNo, datetime] = {}
    for each in asked:
        first[each.room_no] = min(each.at, first.get(each.room_no, each.at))
    await bulk.ask(_due, [rooms.c.room_no, AT], sorted(first.items()))
    if first:
        await bulk.notify(ROOMS_DUE)


def _looked_at(given: FromClause) -> Any:
    """A room that was settled meanwhile stays marked to be looked at: the look may have missed the change."""
    same = and_(rooms.c.lease_no == given.c.lease_no, rooms.c.lease_until.is_(None))
    values = {
        "looked_at": given.c.looked_at,
        "look_until": None,
        "to_list": and_(rooms.c.to_list, not_(same)),
    }
    return update(rooms).where(rooms.c.room_no == given.c.room_no).values(values)


def _due(given: FromClause) -> Any:
    sooner = or_(rooms.c.due_at.is_(None), rooms.c.due_at > given.c["at"])
    values = {
        "due_at": case((sooner, given.c["at"]), else_=rooms.c.due_at),
        "grade": case((sooner, literal(LEAVERS)), else_=rooms.c.grade),
    }
    return update(rooms).where(rooms.c.room_no == given.c.room_no).values(values)


def _forgotten(given: FromClause) -> Any:
    """Delete places that are out, wanted out and without any mark, once a look has confirmed that they are out."""
    own = given.c.room_no == places.c.room_no, given.c.account == places.c.account
    shown = or_(places.c.returned_at.is_(None), places.c.returned_at < given.c["at"])
    bare = places.c.reasons == given.c.reasons
    gone = select(given.c.room_no).where(*own, shown, bare).correlate(places).exists()
    return places.delete().where(
        gone,
        places.c.wanted == OUT,
        places.c.observed == OUT,
        places.c.hold_no.is_(None),
        places.c.left_at.is_(None),
    )
