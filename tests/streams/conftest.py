"""Topics and a group of one's own on a real broker, and what reads them into a fresh PostgreSQL database."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import pytest

from tests.servers.kafka import Kafka
from tests.streams.ground import Ground, grounds

_numbers = itertools.count(1)


@pytest.fixture
async def ground(kafka: Kafka, postgresql_url: str) -> AsyncIterator[Ground]:
    async with grounds(kafka, postgresql_url, f"t{next(_numbers)}") as made:
        yield made
