"""The HTTP API over a real broker, each test with topics of its own."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import pytest

from tests.servers.kafka import Kafka
from tests.servers.topics import make_topics
from tests.web.kafka.queueing import Web, web_over

_numbers = itertools.count(1)


@pytest.fixture
async def web(kafka: Kafka, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Web]:
    number = next(_numbers)
    names = ("roster", "accounts", "changes", "dead_letters")
    topics = {f"kafka_topic_{name}": f"queued-{name}-{number}" for name in names}
    await make_topics(kafka.bootstrap_servers, topics.values())
    async with web_over(monkeypatch, kafka, database_url=sqlite_url, **topics) as running:
        yield running
