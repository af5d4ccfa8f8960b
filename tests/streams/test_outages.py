"""The broker and the database may be away: the road goes on by itself once they are back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from adapters.database.migrate import upgrade
from tests.servers.kafka import Kafka
from tests.servers.postgresql import PostgreSQL
from tests.streams.ground import Ground, grounds
from tests.streams.processors import Processors, processors


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
    await ground.handled(await ground.send(ground.hired("after")) + 1)
    assert await ground.numbers() == [1, 2]
    assert not group.lost()


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
