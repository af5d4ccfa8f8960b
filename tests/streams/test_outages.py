"""The broker and the database may be away: the road goes on by itself once they are back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, RequestTimedOutError

from adapters.database.migrate import upgrade
from events import host
from events.consumer import Consumer
from tests.servers.kafka import Kafka
from tests.servers.postgresql import PostgreSQL
from tests.streams.ground import Ground, eventually, grounds
from tests.streams.processors import Processors, processors

AWAY = KafkaConnectionError(), RequestTimedOutError(), KafkaTimeoutError()


@pytest.fixture
def mortal_kafka() -> Iterator[Kafka]:
    broker = Kafka().start()
    yield broker
    broker.stop()


@pytest.fixture
def mortal_postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL().start()
    asyncio.run(upgrade(server.make_database("streams")))
    yield server
    server.stop()


@pytest.fixture
async def ground_of_mortals(mortal_kafka: Kafka, mortal_postgresql: PostgreSQL) -> AsyncIterator[Ground]:
    async with grounds(mortal_kafka, mortal_postgresql.url("streams"), "mortals") as made:
        yield made


@pytest.fixture
async def group(ground_of_mortals: Ground) -> AsyncIterator[Processors]:
    """One processor, a process of its own: whatever an outage leaves of it ends with it."""
    async with processors(ground_of_mortals.settings) as made:
        await made.start()
        yield made


async def test_a_broker_killed_and_started_again_loses_nothing(
    ground_of_mortals: Ground, mortal_kafka: Kafka, group: Processors
) -> None:
    ground = ground_of_mortals
    await ground.handled(await ground.send(ground.hired("before")) + 1)
    await asyncio.to_thread(mortal_kafka.kill)
    await asyncio.to_thread(mortal_kafka.start)
    end = await ground.send(ground.hired("after")) + 1

    async def handled() -> bool:
        if group.lost():  # who has lost the group leaves, and is started again: here, as wherever it is supervised
            await group.start()
        return await ground.next_offset() == end

    await eventually(handled, within_s=180)  # a request that was on its way has 30 seconds; who has no share, 60
    assert await ground.numbers() == [1, 2]


async def test_a_database_killed_and_started_again_loses_nothing(
    ground_of_mortals: Ground, mortal_postgresql: PostgreSQL, group: Processors
) -> None:
    ground = ground_of_mortals
    await ground.handled(await ground.send(ground.hired("before")) + 1)
    mortal_postgresql.kill()
    end = await ground.send(*(ground.hired(f"meanwhile {number}") for number in range(5))) + 1
    mortal_postgresql.start()
    await ground.handled(end)
    assert await ground.numbers() == list(range(1, 7))
    assert not group.lost()


async def test_a_processor_ends_in_time_though_the_database_is_away(
    ground_of_mortals: Ground, mortal_postgresql: PostgreSQL, group: Processors
) -> None:
    ground = ground_of_mortals
    await ground.handled(await ground.send(ground.hired("before")) + 1)
    mortal_postgresql.kill()
    end = await ground.send(ground.hired("meanwhile")) + 1
    await group.stop(group.alive[0])
    mortal_postgresql.start()
    await group.start()
    await ground.handled(end)
    assert await ground.numbers() == [1, 2]


async def test_a_share_that_cannot_begin_while_kafka_is_away_begins_once_it_is_back(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    earliest_offsets, away = Consumer.earliest_offsets, list(AWAY)

    async def sometimes(self: Consumer, *partitions: Any) -> Any:
        if away:
            raise away.pop()
        return await earliest_offsets(self, *partitions)

    monkeypatch.setattr(Consumer, "earliest_offsets", sometimes)
    async with ground.processing():
        await ground.handled(await ground.send(ground.hired("then")) + 1)
    assert away == []


async def test_who_is_given_no_share_though_kafka_answers_leaves(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[str] = []

    async def lost(_: Consumer) -> None:
        """Faust has lost the thread: what the group gave never begins."""

    monkeypatch.setattr(Consumer, "perform_seek", lost)
    monkeypatch.setattr(host, "leave", left.append)
    monkeypatch.setattr(host, "LOOK_EVERY_S", 0.05)
    async with ground.processing():
        await eventually(lambda: _so(bool(left)))
    assert left[0] == "the group gives us no partitions, and Kafka answers"


async def _so(it_is: bool) -> bool:
    return it_is
