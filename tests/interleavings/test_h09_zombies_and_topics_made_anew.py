"""H9. After a rebalance one process still holds a batch of a partition that another has gone on with, and commits last.
Or a topic is deleted and made anew, and the stored offset skips what is in it.

The stored offset moves only from where the batch found it. It is the only start; where Kafka has no commit beside it,
topic or group is new, and it goes back to the earliest record. One that the topic does not have stops the partition.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiokafka.admin import RecordsToDelete
from aiokafka.structs import TopicPartition

from adapters.database.store import Database
from adapters.kafka.topics import admin_client, make_topics
from events.offsets import OUT_OF_RANGE
from events.stream import Stream
from rollcall.kafka import kafka_connection, topics_of
from sync.streams import Partition, Position
from tests.interleavings.pauses import PausingDatabase, overlap
from tests.servers.topics import delete_topic
from tests.streams.ground import Ground, eventually
from tests.streams.memory import MemoryTopic, hired, next_offsets, stream_of, taken_in


@pytest.fixture
async def ours(postgresql_url: str) -> AsyncIterator[Database]:
    """A process that can be paused."""
    database = PausingDatabase(postgresql_url)
    yield database
    await database.close()


@pytest.fixture
async def theirs(postgresql_url: str) -> AsyncIterator[Database]:
    database = PausingDatabase(postgresql_url)
    yield database
    await database.close()


async def zombie(ours: Database, theirs: Database, topic: MemoryTopic) -> None:
    """One process has read its batch and stands still; another takes the same records and three more."""
    held, owner = stream_of(ours, topic), stream_of(theirs, topic)
    await held.begin(topic.found())

    async def work(stream: Stream, until: int) -> None:
        await stream.take(topic.delivered(0, range(until)))

    await overlap(ours, "dead_letters.add", lambda: work(held, 3), lambda: work(owner, 6))


async def test_a_batch_that_a_zombie_holds_moves_no_offset_back(ours: Database, theirs: Database) -> None:
    topic = MemoryTopic()
    topic.add(0, *(None for _ in range(6)))  # nothing but offsets is written: no other row stands in the way
    await zombie(ours, theirs, topic)
    assert await next_offsets(theirs, topic) == {0: 6}


async def test_a_zombie_and_its_heir_take_each_record_once_and_in_order(ours: Database, theirs: Database) -> None:
    topic = MemoryTopic()
    topic.add(0, *(hired(f"t{number}") for number in range(6)))
    await zombie(ours, theirs, topic)
    assert await taken_in(theirs, topic) == [(0, number, f"t{number}") for number in range(6)]
    assert await next_offsets(theirs, topic) == {0: 6}


async def test_a_topic_made_anew_is_read_from_its_beginning_though_it_is_longer_already(ground: Ground) -> None:
    async with ground.processing():
        await ground.handled(await ground.send(*(ground.hired(f"a{number}") for number in range(5))) + 1)
    await make_anew(ground)
    end = await ground.send(*(ground.hired(f"b{number}") for number in range(9))) + 1
    async with ground.processing():
        await ground.handled(end)
    assert await ground.numbers() == list(range(1, 15))


async def test_an_offset_that_a_topic_does_not_have_stops_that_partition_and_no_other(ground: Ground) -> None:
    async with ground.processing():
        for partition in (0, 1):
            await ground.handled(await ground.send(ground.hired(f"t{partition}"), partition=partition) + 1, partition)
    await put_at(ground, 0, 50)
    await ground.send(ground.hired("on the stopped one"))
    end = await ground.send(ground.hired("on the other"), partition=1) + 1
    async with ground.processing():
        await ground.handled(end, partition=1)
        assert await why_stopped(ground, 0) == OUT_OF_RANGE
    assert (await ground.next_offset(0), len(await ground.numbers())) == (50, 3)


async def test_records_that_were_deleted_before_they_were_handled_stop_the_partition(ground: Ground) -> None:
    async with ground.processing():
        await ground.handled(await ground.send(ground.hired("first")) + 1)
    await ground.send(*(ground.hired(f"t{number}") for number in range(9)))
    await delete_records(ground, before=6)
    async with ground.processing():

        async def stopped() -> bool:
            return await why_stopped(ground, 0) == OUT_OF_RANGE

        await eventually(stopped)
    assert (await ground.next_offset(0), await ground.numbers()) == (1, [1])


async def make_anew(ground: Ground) -> None:
    await delete_topic(ground.kafka.bootstrap_servers, ground.roster)

    async def made() -> bool:
        wanted = topics_of(ground.settings)
        return bool(await make_topics(kafka_connection(ground.settings), wanted)) or len(wanted) == 0

    await eventually(made)


async def delete_records(ground: Ground, before: int) -> None:
    async with admin_client(kafka_connection(ground.settings)) as admin:
        await admin.delete_records({TopicPartition(ground.roster, 0): RecordsToDelete(before)})


async def put_at(ground: Ground, number: int, offset: int) -> None:
    async with ground.database.streaming() as tx:
        await tx.positions.write({Partition(ground.roster, number): Position(offset)})


async def why_stopped(ground: Ground, number: int) -> str | None:
    async with ground.database.streaming() as tx:
        return (await tx.positions.read([Partition(ground.roster, number)]))[
            Partition(ground.roster, number)
        ].stopped_why
