"""The port of looking over one open transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.bulk import Bulk
from adapters.database.looking import left, progress
from adapters.database.looking.claims import Claims
from adapters.database.looking.known import known_rooms
from adapters.database.settle import leases
from adapters.database.settle.time import DatabaseClock, TransactionTime
from sync.ids import RoomNo
from sync.looks import KnownRoom, RoomSeen
from sync.ports.looking import Looked, Progress, RoomToLook


class LookTransaction:
    """The looking port (`sync/ports/looking.py`) over one open transaction."""

    def __init__(self, connection: AsyncConnection, clock: DatabaseClock) -> None:
        self._bulk = Bulk(connection)
        self._time = TransactionTime(connection, clock)

    async def claim(self, token: str, limit: int, lasts_s: float) -> list[RoomToLook]:
        return await (await self._claims(token, lasts_s)).turns(limit)

    async def claim_of(self, run_no: int, token: str, limit: int, lasts_s: float) -> list[RoomToLook]:
        return await (await self._claims(token, lasts_s)).of_runs(limit, run_no)

    async def next_turn_in(self, token: str) -> float:
        return await (await self._claims(token, 0.0)).next_turn_in()

    async def _claims(self, token: str, lasts_s: float) -> Claims:
        now = await self._time.now()
        return Claims(self._bulk, token, now, now + timedelta(seconds=lasts_s))

    async def progress(self, run_no: int) -> Progress:
        return await progress.progress(self._bulk, run_no)

    async def known(self, seen: Mapping[RoomNo, RoomSeen]) -> dict[RoomNo, KnownRoom]:
        return await known_rooms(self._bulk, seen, await self._time.now())

    async def finish(self, looked: Sequence[Looked]) -> None:
        await left.finish(self._bulk, looked, await self._time.now())

    async def pause(self, token: str, seconds: float) -> None:
        await leases.pause(self._bulk, token, await self._time.now() + timedelta(seconds=seconds))
