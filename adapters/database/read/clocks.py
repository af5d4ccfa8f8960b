"""Who does not believe the clock of the machine he runs on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from adapters.database.bulk import Bulk
from adapters.database.schema import clock_notes
from adapters.database.types import Instant
from sync.clocks import CONFIRMED, NOTED_FOR


class Clocks:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def doubted(self, now: datetime) -> datetime | None:
        """Since when, of several the first; of those that said so lately."""
        of = clock_notes.c
        lately = of.noted_at.between(now - NOTED_FOR, now + NOTED_FOR)
        [[since]] = await self._bulk.fetch(
            select(func.min(of["at"], type_=Instant())).where(of.by != CONFIRMED, lately)
        )
        found: datetime | None = since
        return found
