"""Settle many rooms at once: write the answers to their calls, and record their next calls or end their leases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.acts.act import AnyAct
from sync.acts.effects import superseded
from sync.acts.stored import orphaned
from sync.ids import RoomNo
from sync.ports.settling import Done, SettlingTransaction
from sync.use_cases.calls import Dispatch
from sync.use_cases.lease_limits import Free
from sync.use_cases.leased import NEEDS_A_PERSON, Leased


@dataclass(frozen=True, slots=True)
class Answered:
    """A room whose call was answered. `done` has the room as it was when that call was made."""

    leased: Leased
    done: Done


Next = Mapping[RoomNo, AnyAct | None]
"""The next call by room number; None where the lease has ended."""


async def settle_batch(
    tx: SettlingTransaction, batch: Sequence[Answered], dispatch: Dispatch, *, stopping: bool
) -> Next:
    """A room that somebody else has locked is not in the result: its call stays recorded, and it is written later."""
    rooms = await tx.complete([answered.done for answered in batch])
    mine: list[Leased] = []
    for answered in batch:
        room = rooms.get(answered.done.room.room_no)
        if room is not None:
            answered.leased.room = room
            mine.append(answered.leased)
    return {**dict.fromkeys(rooms), **await _decided(tx, mine, dispatch, stopping=stopping)}


async def claim(tx: SettlingTransaction, free: Free, dispatch: Dispatch) -> tuple[list[Leased], Next]:
    """Lease rooms that are due, and decide on their first calls. Calls left in flight by dead leases are read back."""
    found = await tx.claim(free.rooms, dispatch.lease_s, free.limits) if free.rooms > 0 else []
    still = free.after(found)
    if still.leavers > 0:
        found += await tx.claim(still.leavers, dispatch.lease_s, still.limits_of_leavers, leavers_only=True)
    rooms = {room.room_no: room for room in found}
    again_in_s = dispatch.call_timeout_s + dispatch.margin_s
    dead = [Done(r, None, orphaned(r, r.in_flight, again_in_s)) for r in rooms.values() if r.in_flight is not None]
    if dead:
        rooms |= {room_no: room for room_no, room in (await tx.complete(dead)).items() if room is not None}
    claimed = [dispatch.leased(room) for room in rooms.values()]
    return claimed, await _decided(tx, claimed, dispatch, stopping=False)


async def _decided(tx: SettlingTransaction, rooms: Sequence[Leased], dispatch: Dispatch, *, stopping: bool) -> Next:
    """Decide what is next for rooms that are locked and loaded."""
    await _absorb(tx, rooms)
    going: dict[RoomNo, tuple[Leased, AnyAct]] = {}
    ending: list[tuple[Leased, AnyAct | None]] = []
    for leased in rooms:
        act = leased.next()
        if act is None or stopping or leased.gives_way(act):
            ending.append((leased, act))
        else:
            going[leased.room.room_no] = leased, act
    await tx.intend([(leased.room, act) for leased, act in going.values()], dispatch.lease_s)
    await _end(tx, ending)
    acts = {room_no: act for room_no, (_, act) in going.items()}
    return {**dict.fromkeys(leased.room.room_no for leased in rooms), **acts}


async def _absorb(tx: SettlingTransaction, rooms: Iterable[Leased]) -> None:
    """Where an account now belongs to somebody else, that person's place takes over the observation without a call."""
    found = [(leased, superseded(leased.room)) for leased in rooms]
    stale = {leased.room.room_no: (leased, effects) for leased, effects in found if effects.superseded}
    if stale:
        done = [Done(leased.room, None, effects) for leased, effects in stale.values()]
        for room_no, room in (await tx.complete(done)).items():
            leased, _ = stale[room_no]
            leased.room = room or leased.room


async def _end(tx: SettlingTransaction, ending: Sequence[tuple[Leased, AnyAct | None]]) -> None:
    pauses: dict[str, float] = {}
    for leased, _ in ending:
        if leased.pause_s:
            token = leased.room.platform_token
            pauses[token] = max(leased.pause_s, pauses.get(token, 0.0))
    for token, seconds in sorted(pauses.items()):
        await tx.pause(token, seconds)
    lacking = [leased.room for leased, act in ending if leased.lacks_right(act)]
    if lacking:
        await tx.complete([Done(room, None, NEEDS_A_PERSON) for room in lacking])
    await tx.release([leased.release(act) for leased, act in ending])
