"""Hearing of work that another process has left, as soon as it has committed: PostgreSQL's LISTEN."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from adapters.database.bulk import CHANNEL
from adapters.database.store import Database

Heard = Callable[[str], None]


async def listen(database: Database, heard: Heard, stopping: asyncio.Event) -> None:
    """Calls `heard` with what was told (`rooms_due`, `affected`), until `stopping` is set or the connection is lost.

    What is told while nobody listens is lost: it is a wake-up, and who is woken looks by himself besides.
    Raises StoreUnavailable (retriable).
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
