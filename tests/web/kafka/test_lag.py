"""How far behind the topics we are, as `GET /v1/status` tells it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sync.streams import Partition, Position
from tests.servers.kafka import Kafka
from tests.web.conftest import BATCH
from tests.web.kafka.queueing import Web, enrolled, linked, web_over


async def lag(web: Web) -> int:
    status, body, _ = await web.ask("GET", "/v1/status")
    assert (status, body["lag_error"]) == (200, None)
    return int(body["lag_records"])


async def handled(web: Web, topic: str, up_to: dict[int, int], **more: Any) -> None:
    name = getattr(web.app.settings, f"kafka_topic_{topic}")
    async with web.app.database.streaming() as tx:
        positions = {Partition(name, number): Position(following, **more) for number, following in up_to.items()}
        await tx.positions.write(positions)


async def test_the_lag_is_what_the_topics_have_and_the_database_has_not(web: Web) -> None:
    assert await lag(web) == 0
    posted = [*(enrolled(number) for number in range(7)), linked("p", "1")]
    await web.ask("POST", "/v1/events", json=posted, headers=BATCH)
    assert await lag(web) == 8  # nothing of it was ever handled: all from the beginning
    topic = web.app.settings.kafka_topic_roster
    assert web.app.topics is not None
    [(partition, has)] = [(of, has) for of, has in (await web.app.topics.ends()).items() if of.topic == topic and has]
    await handled(web, "roster", {partition.number: 5})
    assert await lag(web) == 3
    await handled(web, "roster", {partition.number: has.stop})
    assert await lag(web) == 1


async def test_a_stopped_partition_is_named_and_its_records_are_lag(web: Web) -> None:
    await web.ask("POST", "/v1/events", json=[linked("p", "1")], headers=BATCH)
    now = web.app.clock.now()
    await handled(web, "accounts", dict.fromkeys(range(12), 0), stopped_at=now, stopped_why="too_many_bad_records")
    _, body, _ = await web.ask("GET", "/v1/status")
    name = web.app.settings.kafka_topic_accounts
    assert (body["lag_records"], body["stopped_partitions"][:2]) == (1, [f"{name}-0", f"{name}-1"])


async def test_a_broker_that_is_away_leaves_the_lag_unknown_and_the_rest_told(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = Kafka().start()
    async with web_over(monkeypatch, broker, database_url=sqlite_url) as web:
        assert await lag(web) == 0
        broker.kill()
        for _ in range(2):
            begun = time.monotonic()
            status, body, _ = await web.ask("GET", "/v1/status")
            assert time.monotonic() - begun < 4
            assert (status, body["lag_records"], body["inbox_unprocessed"]) == (200, None, 0)
            assert "Kafka does not answer" in body["lag_error"]
        assert (await web.ask("GET", "/readyz"))[0] == 200
        broker.start()
        assert await lag(web) == 0
    broker.stop()
