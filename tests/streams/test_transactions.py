"""Ends of transactions stand between records, and are none: nobody looks for them."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaProducer
from faust.types import TP

from events.consumer import Consumer
from events.offsets import Found, Part
from events.topics import KafkaTopics
from rollcall.kafka import kafka_connection
from sync.streams import Partition
from tests.streams.ground import Ground

LONE = 40


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """From which offsets somebody has looked for records that did not come."""
    looked: list[int] = []
    read = KafkaTopics.read

    async def counted(self: KafkaTopics, partition: Partition, start: int) -> Part | Found:
        looked.append(start)
        return await read(self, partition, start)

    monkeypatch.setattr(KafkaTopics, "read", counted)
    return looked


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[TP, ...]]:
    """About which partitions Kafka was asked how far back they reach."""
    asks: list[tuple[TP, ...]] = []
    earliest_offsets = Consumer.earliest_offsets

    async def counted(self: Consumer, *partitions: TP) -> dict[TP, int]:
        asks.append(partitions)
        found: dict[TP, int] = await earliest_offsets(self, *partitions)
        return found

    monkeypatch.setattr(Consumer, "earliest_offsets", counted)
    return asks


async def send_alone(ground: Ground, count: int, *, given_up: bool = False) -> None:
    """Records that have each a transaction of its own; of every third nothing comes where they are given up."""
    async with AIOKafkaProducer(**kafka_connection(ground.settings), transactional_id=ground.roster) as producer:
        for number in range(count):
            await producer.begin_transaction()
            await producer.send_and_wait(ground.roster, ground.hired(f"t{number}"), partition=0)
            abort = given_up and number % 3 == 0
            await (producer.abort_transaction() if abort else producer.commit_transaction())


async def test_no_end_of_a_transaction_is_looked_for(ground: Ground, looks: list[int]) -> None:
    await send_alone(ground, LONE)
    async with ground.processing():
        await ground.handled(2 * LONE - 1)
        await send_alone(ground, 3)  # each poll has one of them
        end = await ground.send(ground.hired("last")) + 1
        assert end == 2 * LONE + 7
        await ground.handled(end)
    assert await ground.numbers() == list(range(1, LONE + 5))
    assert looks == []


async def test_what_was_given_up_is_no_event_and_nobody_looks_for_it(ground: Ground, looks: list[int]) -> None:
    await send_alone(ground, 6, given_up=True)
    end = await ground.send(ground.hired("last")) + 1
    async with ground.processing():
        await ground.handled(end)
    assert await ground.numbers() == [2, 3, 5, 6, 7]
    assert looks == []


async def test_kafka_is_asked_where_a_poll_begins_behind_an_end_and_nowhere_else(
    ground: Ground, asked: list[tuple[TP, ...]]
) -> None:
    async with ground.processing():
        await ground.handled(await ground.send(ground.hired("first")) + 1)
        asked.clear()
        for number in range(3):
            await ground.handled(await ground.send(ground.hired(f"t{number}")) + 1)
        assert asked == []
        await send_alone(ground, LONE)
        await ground.handled(4 + 2 * LONE - 1)
        await ground.handled(await ground.send(ground.hired("last")) + 1)
    assert 1 <= len(asked) <= LONE  # each of them may have come by itself, and the last
    assert set(asked) == {(TP(ground.roster, 0),)}
