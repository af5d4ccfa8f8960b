"""The port of settling over one open transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.session import Session
from adapters.database.settle import answers, leases, read_backs
from adapters.database.settle.time import DatabaseClock, TransactionTime
from adapters.database.settle.work import works
from sync.acts.act import AnyAct
from sync.ports.settling import NO_SEATS, Done, Release
from sync.room import RoomWork


class SettlingTransaction:
    """Settles rooms; what it does is said by the port of the same name."""

    def __init__(self, connection: AsyncConnection, clock: DatabaseClock) -> None:
        self._session = Session(connection)
        self._time = TransactionTime(connection, clock)

    async def claim(self, limit: int, lease_s: float, seats: Mapping[str, int] = NO_SEATS) -> list[RoomWork]:
        now = await self._time.now()
        rows = await leases.leased(self._session, now, limit, lease_s, seats)
        return list((await works(self._session, rows, now)).values())

    async def complete(self, done: Sequence[Done]) -> dict[int, RoomWork | None]:
        return await answers.complete(self._session, done, await self._time.now())

    async def intend(self, acts: Sequence[tuple[RoomWork, AnyAct]], lease_s: float) -> None:
        until = await self._time.now() + timedelta(seconds=lease_s)
        await leases.renew(self._session, acts, until)

    async def release(self, releases: Sequence[Release]) -> None:
        await leases.end(self._session, releases, await self._time.now())

    async def pause(self, token: str, seconds: float) -> None:
        until = await self._time.now() + timedelta(seconds=seconds)
        await leases.pause(self._session, token, until)

    async def ask_read_backs(self, asked: Sequence[tuple[str, str, str, str]]) -> None:
        await read_backs.ask_by_chat(self._session, asked, await self._time.now())
