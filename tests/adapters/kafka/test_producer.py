"""Writing to topics of a real broker: in order, each once, and told when nobody knows."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest

from adapters.kafka.producer import Producer, Record
from schemas.messages import Message
from sync.errors import TopicsUnavailable
from tests.servers.kafka import Kafka
from tests.servers.topics import make_topics, records_of

_numbers = itertools.count(1)


def record(topic: str, key: str, number: int) -> Record:
    return Record(topic, Message(key.encode(), str(number).encode(), (("content-type", b"text/plain"),)))


@pytest.fixture
async def topic(kafka: Kafka) -> str:
    name = f"produced-{next(_numbers)}"
    await make_topics(kafka.bootstrap_servers, [name])
    return name


@pytest.fixture
async def producer(kafka: Kafka) -> AsyncIterator[Producer]:
    producer = Producer({"bootstrap_servers": kafka.bootstrap_servers}, within_s=5.0)
    yield producer
    await producer.close()


async def test_what_is_sent_is_there_with_key_value_and_headers(kafka: Kafka, topic: str, producer: Producer) -> None:
    await producer.send([record(topic, "s1", 1)])
    [found] = await records_of(kafka.bootstrap_servers, topic)
    assert (found.key, found.value, found.headers) == (b"s1", b"1", (("content-type", b"text/plain"),))


async def test_records_of_one_key_keep_their_order_in_one_partition(
    kafka: Kafka, topic: str, producer: Producer
) -> None:
    keys = ["s1", "s2", "s3", "s4"]
    for first in range(0, 400, 100):
        await producer.send([record(topic, key, number) for number in range(first, first + 100) for key in keys])
    found = await records_of(kafka.bootstrap_servers, topic)
    for key in keys:
        own = [each for each in found if each.key == key.encode()]
        assert [int(each.value) for each in own] == list(range(400))
        assert len({each.partition for each in own}) == 1


async def test_no_records_need_no_broker() -> None:
    await Producer({"bootstrap_servers": "127.0.0.1:1"}).send([])


async def test_a_broker_that_is_away_is_told_and_later_connected_to(tmp_path_factory: pytest.TempPathFactory) -> None:
    own = Kafka()
    producer = Producer({"bootstrap_servers": own.bootstrap_servers}, within_s=3.0)
    try:
        with pytest.raises(TopicsUnavailable):
            await producer.send([record("later", "s1", 0)])
        own.start()
        await make_topics(own.bootstrap_servers, ["later"])
        await producer.send([record("later", "s1", 1)])
        own.kill()
        with pytest.raises(TopicsUnavailable):
            await producer.send([record("later", "s1", 2)])
        own.start()
        await sent(producer, record("later", "s1", 2), record("later", "s1", 3))
        values = [int(each.value) for each in await records_of(own.bootstrap_servers, "later")]
        assert list(dict.fromkeys(values)) == [1, 2, 3]  # the second may be there twice, and never after the third
    finally:
        await producer.close()
        own.stop()


async def sent(producer: Producer, *records: Record) -> None:
    """Sends until the broker takes it."""
    for _ in range(10):
        try:
            return await producer.send(records)
        except TopicsUnavailable:
            await asyncio.sleep(0.2)
    raise AssertionError("the broker does not take records")


async def test_a_topic_that_is_missing_is_told(kafka: Kafka, producer: Producer) -> None:
    with pytest.raises(TopicsUnavailable):
        await producer.send([record("nobody-made-it", "s1", 1)])
