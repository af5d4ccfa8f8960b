"""Two processes on one PostgreSQL database, over one world."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.interleavings.pauses import PausingDatabase
from tests.road import Road, TestClock


@pytest.fixture
async def roster(postgresql_url: str) -> AsyncIterator[Road]:
    """The process that takes the topic of rosters; it can be paused."""
    clock = TestClock()
    database = PausingDatabase(postgresql_url, clock=clock.of_database)
    yield Road(database, clock)
    await database.close()


@pytest.fixture
async def accounts(postgresql_url: str, roster: Road) -> AsyncIterator[Road]:
    """The process that takes the topic of accounts, under the same clock; it can be paused."""
    database = PausingDatabase(postgresql_url, clock=roster.clock.of_database)
    yield Road(database, roster.clock, roster.platform)
    await database.close()
