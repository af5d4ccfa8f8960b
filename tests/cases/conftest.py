"""The world that cases are told in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.database.store import Database
from tests.cases.world import World
from tests.road import Road, TestClock


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    clock = TestClock()
    database = Database(sqlite_url, clock=clock.of_database)
    yield World(Road(database, clock))
    await database.close()


@pytest.fixture
def world_on_either(road: Road) -> World:
    """The same over both databases, for the cases where they might part."""
    return World(road)
