"""A database beside which no time passes, and a clock that is the loop's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.store import Database
from tests.doubles.loop import VirtualLoop
from tests.road import START


class TimelessDatabase(Database):
    """No time passes while it is at work."""

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        with _loop().standing_still():
            async with Database.writing(self) as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        with _loop().standing_still():
            async with Database.reading(self) as connection:
                yield connection

    async def close(self) -> None:
        with _loop().standing_still():
            await Database.close(self)


def _loop() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


@dataclass
class LoopClock:
    loop: VirtualLoop

    @property
    def at(self) -> datetime:
        return START + timedelta(seconds=self.loop.time())

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.loop.time()

    async def of_database(self, _: AsyncConnection) -> datetime:
        return self.at
