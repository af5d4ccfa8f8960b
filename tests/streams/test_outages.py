"""The broker and the database may be away: the road goes on by itself once they are back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from adapters.database.migrate import upgrade
from tests.servers.kafka import Kafka
from tests.servers.postgresql import PostgreSQL
from tests.streams.ground import Ground, grounds


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


async def test_a_broker_killed_and_started_again_loses_nothing(ground_of_mortals: Ground, mortal_kafka: Kafka) -> None:
    ground = ground_of_mortals
    async with ground.processing():
        await ground.handled(await ground.send(ground.hired("before")) + 1)
        mortal_kafka.kill()
        await asyncio.to_thread(mortal_kafka.start)
        await ground.handled(await ground.send(ground.hired("after")) + 1)
    assert await ground.numbers() == [1, 2]


async def test_a_database_killed_and_started_again_loses_nothing(
    ground_of_mortals: Ground, mortal_postgresql: PostgreSQL
) -> None:
    ground = ground_of_mortals
    async with ground.processing():
        await ground.handled(await ground.send(ground.hired("before")) + 1)
        mortal_postgresql.kill()
        end = await ground.send(*(ground.hired(f"meanwhile {number}") for number in range(5))) + 1
        mortal_postgresql.start()
        await ground.handled(end)
    assert await ground.numbers() == list(range(1, 7))


async def test_a_processor_ends_in_time_though_the_database_is_away(
    ground_of_mortals: Ground, mortal_postgresql: PostgreSQL
) -> None:
    ground = ground_of_mortals
    async with asyncio.timeout(60):
        async with ground.processing():
            await ground.handled(await ground.send(ground.hired("before")) + 1)
            mortal_postgresql.kill()
            end = await ground.send(ground.hired("meanwhile")) + 1
        mortal_postgresql.start()
        async with ground.processing():
            await ground.handled(end)
    assert await ground.numbers() == [1, 2]
