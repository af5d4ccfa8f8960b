"""A store on each database, its clock in the test's hand."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.database.store import Database
from tests.road import TestClock


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
async def store(database_url: str, clock: TestClock) -> AsyncIterator[Database]:
    database = Database(database_url, clock=clock.of_database)
    yield database
    await database.close()
