"""What the database knows of clocks: the latest day of a school, what a person confirmed, who doubts a machine."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select

from adapters.database.schema import clock_notes, organisations
from adapters.database.store import Database
from adapters.database.types import Day, Instant
from sync.clocks import CONFIRMED


class Known(NamedTuple):
    """`time`: the database's own clock, None on SQLite, whose clock is the machine's."""

    time: datetime | None
    last_day: date | None
    confirmed_at: datetime | None


class ClockNotes:
    """`by`: the name of this process among all."""

    def __init__(self, database: Database, by: str) -> None:
        self._database, self._by = database, by

    async def known(self) -> Known:
        async with self._database.reading() as connection:
            time = None if self._database.sqlite else await self._database.time(connection)
            last_day = (await connection.execute(select(func.max(organisations.c.day, type_=Day())))).scalar()
            confirmed = select(func.max(clock_notes.c.at, type_=Instant())).where(clock_notes.c.by == CONFIRMED)
            return Known(time, last_day, (await connection.execute(confirmed)).scalar())

    async def note(self, since: datetime | None, now: datetime) -> None:
        """Since when this process does not believe its machine's clock; None: it does."""
        await self._write(self._by, since, now)

    async def confirm(self, at: datetime) -> None:
        await self._write(CONFIRMED, at, at)

    async def _write(self, by: str, at: datetime | None, now: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(delete(clock_notes).where(clock_notes.c.by == by))
            if at is not None:
                await connection.execute(insert(clock_notes).values(by=by, at=at, noted_at=now))
