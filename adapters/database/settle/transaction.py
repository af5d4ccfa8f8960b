"""The port of settling over one open transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.bulk import Bulk
from adapters.database.settle import accounts, answers, leases, read_backs
from adapters.database.settle.due import due_rooms
from adapters.database.settle.time import DatabaseClock, TransactionTime
from adapters.database.settle.work import works
from sync.account_health import Health
from sync.acts.act import AnyAct
from sync.ids import AccountId, RoomNo
from sync.platform import Capabilities
from sync.ports.settling import NO_LIMITS, Done, Release
from sync.room import RoomWork


class SettlingTransaction:
    """The settling port (`sync/ports/settling.py`) over one open transaction."""

    def __init__(self, connection: AsyncConnection, clock: DatabaseClock) -> None:
        self._bulk = Bulk(connection)
        self._time = TransactionTime(connection, clock)

    async def claim(
        self, limit: int, lease_s: float, limits: Mapping[str, int] = NO_LIMITS, *, leavers_only: bool = False
    ) -> list[RoomWork]:
        now = await self._time.now()
        due = await due_rooms(self._bulk, now, limit, limits, leavers_only=leavers_only)
        rows = await leases.leased(self._bulk, due, now + timedelta(seconds=lease_s))
        return list((await works(self._bulk, rows, now)).values())

    async def complete(self, done: Sequence[Done]) -> dict[RoomNo, RoomWork | None]:
        return await answers.complete(self._bulk, done, await self._time.now())

    async def intend(self, acts: Sequence[tuple[RoomWork, AnyAct]], lease_s: float) -> None:
        until = await self._time.now() + timedelta(seconds=lease_s)
        await leases.renew(self._bulk, acts, until)

    async def release(self, releases: Sequence[Release]) -> None:
        await leases.end(self._bulk, releases, await self._time.now())

    async def pause(self, token: str, seconds: float) -> None:
        until = await self._time.now() + timedelta(seconds=seconds)
        await leases.pause(self._bulk, token, until)

    async def note_health(self, healths: Mapping[str, Health]) -> None:
        await accounts.note(self._bulk, healths, await self._time.now())

    async def note_capabilities(self, capabilities: Mapping[str, Capabilities], looks: str = "on") -> None:
        await accounts.note_capabilities(self._bulk, capabilities, looks)

    async def ask_read_backs(self, asked: Sequence[tuple[str, str, AccountId, str]]) -> None:
        await read_backs.ask_by_chat(self._bulk, asked, await self._time.now())
