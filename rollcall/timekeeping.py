"""Whether the machine's clock is believed: asked at start and ever after, and told to whoever asks for the status."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from adapters.database.clocks import ClockNotes
from adapters.database.store import Database
from rollcall.clock import SystemClock
from sync.clocks import judge
from sync.errors import StoreFailed, StoreUnavailable

FIRST_WITHIN_S = 5.0


@dataclass(slots=True)
class Timekeeping:
    """Schools' days stay where they are until the database was asked for the first time."""

    clock: SystemClock
    database: Database
    by: str = field(default_factory=lambda: uuid4().hex)
    told: bool = False

    @property
    def notes(self) -> ClockNotes:
        return ClockNotes(self.database, self.by)

    async def begin(self) -> None:
        """Asks, unless the database is away or has no tables yet: then whoever serves asks again."""
        with suppress(StoreUnavailable, StoreFailed, TimeoutError):
            async with asyncio.timeout(FIRST_WITHIN_S):
                await self.check()

    async def check(self) -> None:
        """Raises StoreUnavailable (retriable)."""
        known = await self.notes.known()
        self.clock.judged(judge(self.clock.machine(), known.time, known.last_day, known.confirmed_at))

    async def tell(self) -> None:
        """Checks, and tells whoever asks another process. Raises StoreUnavailable (retriable)."""
        await self.check()
        since = self.clock.jumped_at()
        if since is not None or self.told:
            await self.notes.note(since, self.clock.now())
        self.told = since is not None

    async def end(self) -> None:
        if self.told:
            await self.notes.note(None, self.clock.now())
