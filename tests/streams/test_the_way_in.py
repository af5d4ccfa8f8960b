"""From a topic into the database, through a real broker, by the parts of `rollcall process`."""

from __future__ import annotations

from tests.servers.topics import add_partitions
from tests.streams.ground import Ground


async def test_an_event_on_a_topic_is_in_the_database(ground: Ground) -> None:
    async with ground.processing():
        end = await ground.send(ground.hired("t")) + 1
        await ground.handled(end)
    assert await ground.numbers() == [1]


async def test_partitions_that_come_later_are_taken_in_soon(ground: Ground) -> None:
    """As are those of a broker that has just started, and knows no topic yet when its groups come together."""
    async with ground.processing():
        await ground.handled(await ground.send(ground.hired("t")) + 1)
        await add_partitions(str(ground.settings.kafka_bootstrap_servers), ground.roster, 3)
        await ground.producer.client.force_metadata_update()
        await ground.handled(await ground.send(ground.hired("u"), partition=2) + 1, partition=2)
    assert await ground.numbers() == [1, 2]
