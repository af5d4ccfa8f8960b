"""What is written after answers, of as many rooms as have one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.database.session import Session
from adapters.database.settle import listings, observations, read_backs
from adapters.database.settle.leases import locked
from adapters.database.settle.time import WHILE_LEASED
from adapters.database.settle.work import work_of, works
from adapters.database.tables import rooms
from sync.acts.effects import applied
from sync.ports.settling import Done
from sync.room import RoomWork

SEEN = ("external_chat_id", "observed_life", "observed_title", "invite_link", "to_list", "in_flight")


async def complete(session: Session, done: Sequence[Done], now: datetime) -> dict[int, RoomWork | None]:
    """As the port says. Rows that nobody else has given anything to do since are not read again."""
    rows = await locked(session, [each.room.room_no for each in done])
    found = [each for each in done if each.room.room_no in rows]
    mine = [each for each in found if each.room.lease_no == rows[each.room.room_no].lease_no]
    late = [each for each in found if each.room.lease_no != rows[each.room.room_no].lease_no]
    in_doubt = [_in_doubt(each, rows[each.room.room_no]) for each in late if each.act is not None and each.act.writes]
    await _write(session, [*mine, *in_doubt], rows, now)
    await read_backs.fall_due(session, [each.room.room_no for each in in_doubt], now)
    return {**dict.fromkeys(rows), **await _as_they_are(session, mine, rows, now)}


def _in_doubt(late: Done, row: Any) -> Done:
    """A completion without its lease: all it may say is that nobody knows."""
    assert late.act is not None  # noqa: S101 - asked of calls alone
    present = replace(late.room, external_chat_id=row.external_chat_id)
    effects = late.act.doubted(present)
    effects.answer = "lease lost"
    return Done(late.room, late.act, effects)


async def _write(session: Session, done: Sequence[Done], rows: Mapping[int, Any], now: datetime) -> None:
    call_nos = await observations.note_calls(session, done, now)
    await observations.observe(session, done, call_nos)
    await observations.leave(session, done, now)
    await observations.yield_places(session, done)
    await observations.tell(session, done, call_nos, now)
    await read_backs.settled_by(session, done)
    await read_backs.asked_by(session, done, now)
    await listings.compare(session, done, now)
    written = [_written(rows[each.room.room_no], each) for each in done]
    data = [(r.room_no, *(getattr(r, name) for name in SEEN)) for r in written if r != rows[r.room_no]]
    await session.update(rooms, ("room_no",), SEEN, data)


def _written(row: Any, done: Done) -> Any:
    """A room's row with what its answer says of the room itself."""
    values: dict[str, Any] = dict(done.effects.room)
    if done.effects.changes or done.effects.listed is not None:
        values["to_list"] = done.effects.listed is None
    if done.act is None:
        values["in_flight"] = None
    return row._replace(**values)


async def _as_they_are(
    session: Session, done: Sequence[Done], rows: Mapping[int, Any], now: datetime
) -> Mapping[int, RoomWork]:
    written = {each.room.room_no: _written(rows[each.room.room_no], each) for each in done}
    known = {each.room.room_no: each for each in done if _alone(each, rows[each.room.room_no])}
    read = await works(session, [row for number, row in written.items() if number not in known], now)
    for number, each in known.items():
        room = applied(each.room, each.effects)
        read[number] = work_of(written[number], room.places, room.read_backs, room.loaded_at)
    return read


def _alone(done: Done, row: Any) -> bool:
    """Whether what there is to do is known without reading: nobody has given the room anything, nor has its answer."""
    effects = done.effects
    if row.due_at != WHILE_LEASED or done.act is None or effects.listed is not None or effects.asks or effects.left:
        return False
    return effects.observed.keys() <= {place.account for place in done.room.places}
