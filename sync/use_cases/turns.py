"""Turns of rooms, many in one transaction: what was answered is written, the next call is noted or the lease ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.answers import Effects, superseded
from sync.ports.settling import Done, SettlingTransaction
from sync.room import RoomWork, Step
from sync.use_cases.calls import Dispatch
from sync.use_cases.leased import NEEDS_A_PERSON, Leased


@dataclass(frozen=True, slots=True)
class Turn:
    """A room whose call was answered. `done` has the room as it was when that call was made."""

    leased: Leased
    done: Done


Next = Mapping[int, Step | None]
"""The next call by room number; None where the lease has ended."""


async def take_turns(tx: SettlingTransaction, turns: Sequence[Turn], dispatch: Dispatch, *, stopping: bool) -> Next:
    """A room that somebody else has locked is not in the answer: its call stays noted, and its turn comes later."""
    rooms = await tx.complete([turn.done for turn in turns])
    mine: list[tuple[Leased, Step | None]] = []
    for turn in turns:
        room = rooms.get(turn.done.room.room_no)
        if room is not None:
            turn.leased.room = room
            mine.append((turn.leased, turn.done.step))
    return {**dict.fromkeys(rooms), **await _decided(tx, mine, dispatch, stopping=stopping)}


async def claim(tx: SettlingTransaction, limit: int, dispatch: Dispatch) -> tuple[list[Leased], Next]:
    """Leases rooms that are due, and decides on their first calls. What a dead lease had on its way is read back."""
    rooms = {room.room_no: room for room in await tx.claim(limit, dispatch.lease_s)}
    orphaned = [room for room in rooms.values() if room.in_flight is not None]
    if orphaned:
        await tx.forget_calls(orphaned, dispatch.call_timeout_s + dispatch.margin_s)
        rooms |= await _as_they_are(tx, orphaned)
    claimed = [dispatch.leased(room) for room in rooms.values()]
    return claimed, await _decided(tx, [(leased, None) for leased in claimed], dispatch, stopping=False)


async def _decided(
    tx: SettlingTransaction, rooms: Iterable[tuple[Leased, Step | None]], dispatch: Dispatch, *, stopping: bool
) -> Next:
    """Of rooms locked and loaded: what is next after the call that was answered."""
    rooms = list(rooms)
    await _absorb(tx, [leased for leased, _ in rooms])
    going: dict[int, Step | None] = {}
    ending: list[tuple[Leased, Step | None]] = []
    for leased, done in rooms:
        step = leased.next()
        if step is None or stopping or leased.gives_way(step, done):
            ending.append((leased, step))
        else:
            going[leased.room.room_no] = step
    await tx.intend(
        [(each.room, step) for each, _ in rooms if (step := going.get(each.room.room_no))], dispatch.lease_s
    )
    await _end(tx, ending)
    return {**dict.fromkeys(leased.room.room_no for leased, _ in rooms), **going}


async def _absorb(tx: SettlingTransaction, rooms: Iterable[Leased]) -> None:
    """Where an account stands for somebody else by now, the other's place takes over what is observed; no call."""
    stale = {leased.room.room_no: leased for leased in rooms if superseded(leased.room).superseded}
    if stale:
        done = [Done(leased.room, None, superseded(leased.room)) for leased in stale.values()]
        for room_no, room in (await tx.complete(done)).items():
            stale[room_no].room = room or stale[room_no].room


async def _end(tx: SettlingTransaction, ending: Sequence[tuple[Leased, Step | None]]) -> None:
    pauses: dict[str, float] = {}
    for leased, _ in ending:
        if leased.pause_s:
            token = leased.room.platform_token
            pauses[token] = max(leased.pause_s, pauses.get(token, 0.0))
    for token, seconds in sorted(pauses.items()):
        await tx.pause(token, seconds)
    lacking = [leased.room for leased, step in ending if leased.lacks_right(step)]
    if lacking:
        await tx.complete([Done(room, None, NEEDS_A_PERSON) for room in lacking])
    await tx.release([leased.release(step) for leased, step in ending])


async def _as_they_are(tx: SettlingTransaction, rooms: Iterable[RoomWork]) -> dict[int, RoomWork]:
    found = await tx.complete([Done(room, None, Effects(answer="")) for room in rooms])
    return {room_no: room for room_no, room in found.items() if room is not None}
