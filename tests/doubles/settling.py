"""The port of settling in memory, by the loop's clock: rooms in which some accounts are to be taken out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sync.account_health import Health
from sync.acts.act import AnyAct
from sync.acts.effects import applied
from sync.ids import AccountId, ChatId, OrganisationId, PersonId, RoomNo
from sync.places import MEMBER, OUT
from sync.platform import Capabilities
from sync.ports.settling import NO_LIMITS, Done, Release
from sync.room import LEAVERS, REMOVALS, RoomPlace, RoomWork


def room_to_empty(room_no: int, accounts: int, token: str) -> RoomWork:
    """A chat that all of its members are to leave."""
    leaving = tuple(
        RoomPlace(PersonId(f"p{n}"), AccountId(f"{room_no}-{n}"), OUT, MEMBER, leaving=True) for n in range(accounts)
    )
    return RoomWork(
        room_no=RoomNo(room_no),
        organisation_id=OrganisationId("school"),
        chat_id=ChatId(f"class:{room_no}"),
        life=1,
        nonce="nonce",
        wanted_title="5 А",
        observed_title="5 А",
        wanted_life="open",
        observed_life="open",
        external_chat_id=f"-{room_no}",
        platform_token=token,
        lease_no=0,
        grade=REMOVALS,
        attempts=0,
        places=leaving,
        read_backs={},
    )


@dataclass
class Kept:
    room: RoomWork
    due_at: float | None = 0.0
    lease_until: float | None = None


@dataclass
class RoomsInMemory:
    """A store whose transactions cannot be undone."""

    rooms: dict[int, Kept]
    paused: dict[str, float] = field(default_factory=dict)
    healths: dict[str, Health] = field(default_factory=dict)

    @asynccontextmanager
    async def settling(self) -> AsyncIterator[Any]:
        yield self

    async def claim(
        self, limit: int, lease_s: float, limits: Mapping[str, int] = NO_LIMITS, *, leavers_only: bool = False
    ) -> list[RoomWork]:
        now, left = self._now(), dict(limits)
        claimed: list[RoomWork] = []
        for kept in self.rooms.values():
            token = kept.room.platform_token
            free = kept.lease_until is None or kept.lease_until < now
            wanted = not leavers_only or kept.room.grade <= LEAVERS
            due = wanted and kept.due_at is not None and kept.due_at <= now and self.paused.get(token, 0.0) <= now
            if len(claimed) < limit and free and due and left.get(token, 1) > 0:
                left[token] = left.get(token, limit + 1) - 1
                kept.room = replace(kept.room, lease_no=kept.room.lease_no + 1)
                kept.lease_until = now + lease_s
                claimed.append(kept.room)
        return claimed

    async def complete(self, done: Sequence[Done]) -> dict[int, RoomWork | None]:
        answers: dict[int, RoomWork | None] = {}
        for each in done:
            kept = self.rooms[each.room.room_no]
            mine = kept.room.lease_no == each.room.lease_no
            if mine:
                kept.room = applied(kept.room, each.effects)
            answers[each.room.room_no] = kept.room if mine else None
        return answers

    async def intend(self, acts: Sequence[tuple[RoomWork, AnyAct]], lease_s: float) -> None:
        for room, _ in acts:
            self.rooms[room.room_no].lease_until = self._now() + lease_s

    async def release(self, releases: Sequence[Release]) -> None:
        for room, grade, retry_in_s, attempts in releases:
            kept = self.rooms[room.room_no]
            kept.lease_until = None
            kept.due_at = None if retry_in_s is None else self._now() + retry_in_s
            kept.room = replace(kept.room, grade=grade or kept.room.grade, attempts=attempts)

    async def pause(self, token: str, seconds: float) -> None:
        self.paused[token] = max(self._now() + seconds, self.paused.get(token, 0.0))

    async def note_health(self, healths: Mapping[str, Health]) -> None:
        self.healths |= healths

    async def note_capabilities(self, capabilities: Mapping[str, Capabilities]) -> None: ...

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
