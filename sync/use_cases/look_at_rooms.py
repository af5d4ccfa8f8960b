"""Look at whole rooms, continuously: everything that differs from what is believed is queued to be read back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.errors import Failure, PlatformError
from sync.ids import NO_PERSON, AccountId, RoomNo
from sync.looks import LISTED, KnownRoom, RoomSeen, ToReadBack, differences, to_read_back, wholly_out
from sync.platform import Platform
from sync.ports.clocks import Pacer
from sync.ports.looking import Looked, LookTransaction, RoomToLook
from sync.ports.store import Store
from sync.room import ITSELF
from sync.use_cases.leased import PAUSES_S, heeded
from sync.use_cases.plan_scopes import PlanningRules

LASTS_S = 600.0  # a look that takes longer is tried by somebody else
FOR_ALL_ROOMS = frozenset({Failure.BUSY, Failure.CREDENTIALS})

Seen = RoomSeen | PlatformError


@dataclass(frozen=True, slots=True)
class Looking:
    """What looking needs. `platforms`: by token; each paces its own requests, at the rate of looks. `rules`: by which a
    school is planned anew, where somebody orders a reconcile.
    """

    store: Store
    platforms: Mapping[str, Platform]
    pacer: Pacer
    rules: PlanningRules = field(default_factory=PlanningRules)


async def look_at_rooms(looking: Looking, token: str, limit: int = 8) -> int:
    """Look at up to `limit` rooms of a platform account that are next in turn. Return how many. Any process may call
    it.

    Writes no observations. Safe to stop at any time. Raises StoreUnavailable (retriable).
    """
    async with looking.store.looking() as tx:
        rooms = await tx.claim(token, limit, LASTS_S)
    if rooms:
        await look_at(looking, token, rooms)
    return len(rooms)


async def next_turn_in(store: Store, token: str) -> float:
    """In how many seconds a room of a platform account is to be looked at; never more than a minute."""
    async with store.looking() as tx:
        return await tx.next_turn_in(token)


async def look_at(looking: Looking, token: str, rooms: Sequence[RoomToLook]) -> None:
    """Looks at rooms that were claimed."""
    platform = looking.platforms[token]
    seen = dict(zip(rooms, await asyncio.gather(*(_seen(platform, room) for room in rooms)), strict=True))
    reported = {room: each for room, each in seen.items() if room.run_no is not None}
    if reported:
        seen |= await _confirmed(looking, token, reported)
    async with looking.store.looking() as tx:
        known = await _known(tx, platform, seen)
        await tx.finish([_looked(room, known.get(room.room_no), each) for room, each in seen.items()])
        pause_s = max((_pause_s(each) for each in seen.values()), default=0.0)
        if pause_s:
            await tx.pause(token, pause_s)


async def _seen(platform: Platform, room: RoomToLook) -> Seen:
    try:
        return RoomSeen(await platform.read_chat(room.chat), await platform.list_members(room.chat))
    except PlatformError as error:
        return error


async def _known(tx: LookTransaction, platform: Platform, seen: Mapping[RoomToLook, Seen]) -> dict[RoomNo, KnownRoom]:
    shown = {room.room_no: each for room, each in seen.items() if isinstance(each, RoomSeen)}
    longest = platform.capabilities.title_length
    known = await tx.known(shown) if shown else {}
    return {number: replace(room, wanted_title=room.wanted_title[:longest]) for number, room in known.items()}


async def _confirmed(looking: Looking, token: str, seen: Mapping[RoomToLook, Seen]) -> dict[RoomToLook, Seen]:
    """Reported differences are confirmed by a read of these accounts: a room may change between the pages of its
    listing.
    """
    platform = looking.platforms[token]
    async with looking.store.looking() as tx:
        known = await _known(tx, platform, seen)
    confirmed: dict[RoomToLook, Seen] = {}
    for room, each in seen.items():
        if isinstance(each, RoomSeen) and room.room_no in known:
            found = differences(known[room.room_no], each)
            asked = sorted({one.external_user_id for one in found if one.external_user_id is not None})
            confirmed[room] = await _read_back(looking, token, room, each, asked)
    return confirmed


async def _read_back(
    looking: Looking, token: str, room: RoomToLook, seen: RoomSeen, accounts: Sequence[AccountId]
) -> Seen:
    platform = looking.platforms[token]
    at_once = platform.capabilities.read_at_once
    members = {account: role for account, role in seen.members.items() if account not in accounts}
    try:
        for first in range(0, len(accounts), at_once):
            async with looking.pacer.slot(token, look=True):
                members |= await platform.read_members(room.chat, accounts[first : first + at_once])
    except PlatformError as error:
        return error
    return replace(seen, members=members)


def _looked(room: RoomToLook, known: KnownRoom | None, seen: Seen) -> Looked:
    if isinstance(seen, PlatformError):
        told = seen.failure is Failure.NEEDS_PERSON and room.needs_person
        needs_a_look = seen.failure in {Failure.GONE, Failure.NEEDS_PERSON} and not told
        asks = [ToReadBack(ITSELF, NO_PERSON, LISTED)] if needs_a_look else []
        return Looked(room, asks, failure=seen.code, again=seen.failure is Failure.BUSY)
    if known is None:
        return Looked(room, failure="not.ours")
    return Looked(
        room, list(to_read_back(known, seen)), differences(known, seen), seen.members, wholly_out(known, seen)
    )


def _pause_s(seen: Seen) -> float:
    if isinstance(seen, RoomSeen) or seen.failure not in FOR_ALL_ROOMS:
        return 0.0
    return heeded(seen.retry_after_s, PAUSES_S[seen.failure])
