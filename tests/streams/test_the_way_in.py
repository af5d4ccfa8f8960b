"""From a topic into the database, through a real broker, by the parts of `rollcall process`."""

from __future__ import annotations

from tests.streams.ground import Ground


async def test_an_event_on_a_topic_is_in_the_database(ground: Ground) -> None:
    async with ground.processing():
        end = await ground.send(ground.hired("t")) + 1
        await ground.handled(end)
    assert await ground.numbers() == [1]
