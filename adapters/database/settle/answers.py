"""Writing the answers to calls, for many rooms at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.database.bulk import Bulk
from adapters.database.schema import rooms
from adapters.database.settle import observations, read_backs, strangers, titles
from adapters.database.settle.leases import locked
from adapters.database.settle.time import WHILE_LEASED
from adapters.database.settle.work import work_of, works
from sync.acts.effects import applied
from sync.ids import RoomNo
from sync.ports.settling import Done
from sync.room import RoomWork

SEEN = (
    "external_chat_id", "made_at", "observed_life", "observed_title", "invite_link", "in_flight", "kept_for", "to_list",
    "looked_at", "lacks", "lacks_since", "told_for",
)  # fmt: skip


async def complete(bulk: Bulk, done: Sequence[Done], now: datetime) -> dict[RoomNo, RoomWork | None]:
    """As the port says. Rows to which nobody has added work since are not read again."""
    rows = await locked(bulk, [each.room.room_no for each in done])
    found = [each for each in done if each.room.room_no in rows]
    mine = [each for each in found if each.room.lease_no == rows[each.room.room_no].lease_no]
    late = [each for each in found if each.room.lease_no != rows[each.room.room_no].lease_no]
    in_doubt = [_in_doubt(each, rows[each.room.room_no]) for each in late if each.act is not None and each.act.writes]
    written = await _write(bulk, [*mine, *in_doubt], rows, now)
    await read_backs.fall_due(bulk, [each.room.room_no for each in in_doubt], now)
    return {**dict.fromkeys(rows), **await _as_they_are(bulk, mine, rows, written, now)}


def _in_doubt(late: Done, row: Any) -> Done:
    """A completion without its lease may only set places to unknown."""
    assert late.act is not None  # noqa: S101 - asked of calls alone
    present = replace(late.room, external_chat_id=row.external_chat_id)
    effects = late.act.doubted(present)
    effects.answer = "lease lost"
    return Done(late.room, late.act, effects)


async def _write(bulk: Bulk, done: Sequence[Done], rows: Mapping[RoomNo, Any], now: datetime) -> dict[RoomNo, Any]:
    """Return the rooms' rows as they are now."""
    call_nos = await observations.note_calls(bulk, done, now)
    await observations.observe(bulk, done, call_nos)
    await observations.leave(bulk, done, now)
    await observations.yield_places(bulk, done)
    await observations.emptied(bulk, done)
    await observations.empty(bulk, [each.room.room_no for each in done if each.effects.gone])
    await observations.tell(bulk, done, call_nos, now)
    await read_backs.settled_by(bulk, done)
    await read_backs.asked_by(bulk, done, now)
    await strangers.found(bulk, done, now)
    kept = await titles.kept(bulk, done, rows)
    written = [_written(rows[each.room.room_no], each, now, kept) for each in done]
    data = [(r.room_no, *(getattr(r, name) for name in SEEN)) for r in written if r != rows[r.room_no]]
    await bulk.update(rooms, ("room_no",), SEEN, data)
    return {row.room_no: row for row in written}


def _written(row: Any, done: Done, now: datetime, kept: Mapping[RoomNo, str]) -> Any:
    """A room's row with what the answer says about the room itself. A chat that was just made counts as looked at."""
    values: dict[str, Any] = dict(done.effects.room)
    if row.room_no in kept:
        values["kept_for"] = kept[row.room_no]
    if done.effects.changes:
        values["to_list"] = True
    if "external_chat_id" in values:
        values["looked_at"] = now
    if values.get("lacks", row.lacks) != row.lacks:
        values["lacks_since"] = (row.lacks_since or now) if values["lacks"] else None
    if row.external_chat_id is None and values.get("external_chat_id") is not None:
        values["made_at"] = now
    if done.act is None:
        values["in_flight"] = None
    return row._replace(**values)


async def _as_they_are(
    bulk: Bulk, done: Sequence[Done], rows: Mapping[RoomNo, Any], written: Mapping[RoomNo, Any], now: datetime
) -> Mapping[RoomNo, RoomWork]:
    known = {each.room.room_no: each for each in done if _alone(each, rows[each.room.room_no])}
    read = await works(bulk, [written[each.room.room_no] for each in done if each.room.room_no not in known], now)
    for number, each in known.items():
        room = applied(each.room, each.effects)
        read[number] = work_of(written[number], room.places, room.read_backs, room.loaded_at, room.successor)
    return read


def _alone(done: Done, row: Any) -> bool:
    """Whether the room's work is known without reading it again: neither somebody else nor the answer has added any."""
    effects = done.effects
    if row.due_at != WHILE_LEASED or done.act is None or effects.asks or effects.left or effects.back or effects.gone:
        return False
    return effects.observed.keys() <= {place.account for place in done.room.places}
