"""The database's time, so that all machines agree."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

DatabaseClock = Callable[[AsyncConnection], Awaitable[datetime]]

# When a leased room is due: never, by itself. Work added meanwhile brings that forward, which
# tells the settler that its knowledge is out of date. A room whose lease died is found by the lease.
WHILE_LEASED = datetime(9999, 1, 1, tzinfo=UTC)


class TransactionTime:
    """The time at the first call in this transaction."""

    def __init__(self, connection: AsyncConnection, clock: DatabaseClock) -> None:
        self._connection, self._clock = connection, clock
        self._now: datetime | None = None

    async def now(self) -> datetime:
        if self._now is None:
            self._now = await self._clock(self._connection)
        return self._now
