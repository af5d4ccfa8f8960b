"""Notifications of work left by other processes, as soon as they commit: PostgreSQL's LISTEN."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from adapters.database.bulk import CHANNEL
from adapters.database.store import Database

Heard = Callable[[str], None]


async def listen(database: Database, heard: Heard, stopping: asyncio.Event) -> None:
    """Call `heard` with each channel notified (`rooms_due`, `affected`) until `stopping` is set or the connection is
    lost.

    Notifications sent while nobody listens are lost: they are only wake-ups, and workers poll as well. Raises
    StoreUnavailable (retriable).
    """
    lost = asyncio.Event()
    async with database.reading() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection

        def told(_: object, __: int, ___: str, payload: str) -> None:
            heard(payload)

        def ended(_: object) -> None:
            lost.set()

        await raw.add_listener(CHANNEL, told)
        raw.add_termination_listener(ended)
        try:
            ends = [asyncio.create_task(event.wait()) for event in (lost, stopping)]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            if raw.is_closed():
                await connection.invalidate()
            else:
                raw.remove_termination_listener(ended)
                await raw.remove_listener(CHANNEL, told)
