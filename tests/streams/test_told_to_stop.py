"""Processes that are told to stop amid a record: it looks to nobody as if they had died of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from adapters.database.schema import offsets
from events import stream as streams
from sync.use_cases.ingest_events import Ingested, ingest_within
from tests.streams.ground import Ground


async def test_three_stops_amid_one_record_are_no_deaths(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    amid = asyncio.Event()

    async def ingest(*_: Any) -> Ingested:
        amid.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(streams, "ingest_within", ingest)
    offset = await ground.send(ground.hired("a"))
    for _ in range(3):
        amid.clear()
        async with ground.processing(), asyncio.timeout(60):
            await amid.wait()
    [row] = await ground.rows(select(offsets).where(offsets.c.topic == ground.roster, offsets.c.partition == 0))
    assert (row.next, row.deaths, row.begun) == (0, 0, None)
    monkeypatch.setattr(streams, "ingest_within", ingest_within)
    async with ground.processing():
        await ground.handled(offset + 1)
    assert await ground.dead() == []
