"""H8. Two records of a batch are not delivered. The next batch begins behind them, its end is stored, and Kafka's own
commit is not ahead of it: nothing seeks back, and the two are gone.

A partition's part of a batch must begin at the stored offset. What is missing before it is read from the topic itself;
what is not there either was never an event: the marks of transactions, and what they gave up.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord

from events import consumer, host
from events.offsets import Part
from events.topics import delivered
from rollcall.kafka import kafka_connection
from sync.streams import Partition
from tests.streams.ground import Ground


class Losing:
    """Stands where parts are made of what was polled, and loses these offsets the first time they come."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *offsets: int) -> None:
        self.to_lose = set(offsets)
        monkeypatch.setattr(consumer, "delivered", self)

    def __call__(self, partition: Partition, records: Sequence[ConsumerRecord]) -> list[Part]:
        lost = {record.offset for record in records} & self.to_lose
        self.to_lose -= lost
        return delivered(partition, [record for record in records if record.offset not in lost])


async def test_two_records_dropped_out_of_a_batch_are_read_from_the_topic(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    losing = Losing(monkeypatch, 8, 9)
    end = await ground.send(*(ground.hired(f"t{number}") for number in range(20))) + 1
    async with ground.processing():
        await ground.handled(end)
    assert not losing.to_lose
    assert await ground.numbers() == list(range(1, 21))


async def test_the_last_records_of_a_topic_dropped_are_read_though_nothing_follows(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "LOOK_EVERY_S", 0.5)
    losing = Losing(monkeypatch, 8, 9)
    end = await ground.send(*(ground.hired(f"t{number}") for number in range(10))) + 1
    async with ground.processing():
        await ground.handled(end)
    assert not losing.to_lose
    assert await ground.numbers() == list(range(1, 11))


async def test_marks_of_transactions_are_no_records_and_what_was_given_up_is_no_event(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "LOOK_EVERY_S", 0.2)
    async with ground.processing():
        async with AIOKafkaProducer(**kafka_connection(ground.settings), transactional_id=ground.roster) as producer:
            for number in range(6):
                await producer.begin_transaction()
                await producer.send_and_wait(ground.roster, ground.hired(f"t{number}"), partition=0)
                await (producer.commit_transaction() if number % 3 else producer.abort_transaction())
        end = await ground.send(ground.hired("last")) + 1
        assert end >= 12  # six records, their marks and the last: a mark is written when the broker has the time
        await ground.handled(end)
    assert await ground.numbers() == [2, 3, 5, 6, 7]
