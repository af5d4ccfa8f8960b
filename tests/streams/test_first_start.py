"""A broker that nobody has asked anything yet: whoever starts first waits for it, and nothing raw is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.simulator.server import simulator
from tests.rollcall.processes import town
from tests.servers.kafka import Kafka


@pytest.fixture
def new_kafka() -> Iterator[Kafka]:
    broker = Kafka().start()
    yield broker
    broker.stop()


async def test_the_first_process_of_all_says_nothing_but_what_is_ours(
    tmp_path: Path, new_kafka: Kafka, postgresql_url: str
) -> None:
    async with simulator() as platform, town(tmp_path, new_kafka, postgresql_url, platform) as region:
        [process] = await region.start("process")
        await region.until(lambda: "stream.begun" in process.said(), process)
        said = [line for line in process.said().splitlines() if line.startswith("{")]
        assert [line for line in said if json.loads(line)["level"] in {"warning", "error"}] == []
        await process.ends()
