"""How far topics go, asked of a real broker."""

from __future__ import annotations

import time

import pytest

from adapters.kafka.ends import Ends
from adapters.kafka.producer import Producer, Record
from schemas.messages import Message
from sync.errors import TopicsUnavailable
from sync.streams import Partition
from tests.servers.kafka import Kafka
from tests.servers.topics import delete_topic, make_topics


async def test_every_partition_has_its_first_offset_and_its_end_as_of_now(kafka: Kafka) -> None:
    connection = {"bootstrap_servers": kafka.bootstrap_servers}
    await make_topics(kafka.bootstrap_servers, ["far", "farther"], partitions=2)
    ends, producer = Ends(connection, ["far", "farther"]), Producer(connection)
    assert await ends() == {Partition(topic, number): range(0) for topic in ("far", "farther") for number in (0, 1)}
    await producer.send([Record("far", Message(b"k", b"v", ()))] * 3)
    assert sum(map(len, (await ends()).values())) == 3
    await producer.send([Record("farther", Message(b"k", b"v", ()))] * 2)
    assert sum(map(len, (await ends()).values())) == 5
    await ends.close()
    await producer.close()


async def test_a_topic_that_is_not_there_has_no_partitions(kafka: Kafka) -> None:
    ends = Ends({"bootstrap_servers": kafka.bootstrap_servers}, ["not-there"])
    assert await ends() == {}
    await ends.close()


async def test_a_topic_that_is_gone_is_not_one_without_records(kafka: Kafka) -> None:
    """A broker that has just started may not know it yet: nobody is to believe that nothing is on its way."""
    await make_topics(kafka.bootstrap_servers, ["here-today"])
    ends = Ends({"bootstrap_servers": kafka.bootstrap_servers}, ["here-today", "never-there"])
    assert len(await ends()) == 3
    await delete_topic(kafka.bootstrap_servers, "here-today")
    with pytest.raises(TopicsUnavailable):
        await ends()
    await ends.close()


async def test_a_broker_that_is_away_is_told_in_time_and_asked_anew_when_it_is_back() -> None:
    broker = Kafka()
    ends = Ends({"bootstrap_servers": broker.bootstrap_servers}, ["far"])
    try:
        for _ in range(2):
            await assert_away(ends)
            broker.start()
            assert await ends() == {}
            broker.kill()
    finally:
        await ends.close()
        broker.stop()


async def assert_away(ends: Ends) -> None:
    begun = time.monotonic()
    with pytest.raises(TopicsUnavailable):
        await ends()
    assert time.monotonic() - begun < 4
