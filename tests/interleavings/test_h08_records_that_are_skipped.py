"""H8. Faust skips two records of a batch. The next batch begins behind them, its end is stored, and Kafka's own commit
is not ahead of it: nothing seeks back, and the two are gone.

A partition's part of a batch must begin at the stored offset. What is missing before it is read from the topic itself;
what is not there either was never an event: the marks of transactions, and what they gave up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from events import agents, host
from events.offsets import Part
from rollcall.kafka import kafka_connection
from tests.streams.ground import Ground


class Losing:
    """Stands where batches are made of what Faust delivers, and loses these offsets the first time they come."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *offsets: int) -> None:
        self.to_lose = set(offsets)
        self._parts = agents._parts
        monkeypatch.setattr(agents, "_parts", self)

    def __call__(self, events: Iterable[Any]) -> list[Part]:
        kept = []
        for event in events:
            if event.message.offset in self.to_lose:
                self.to_lose.discard(event.message.offset)
            else:
                kept.append(event)
        return self._parts(kept)


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
    monkeypatch.setattr(host, "LOOK_EVERY_S", 0.2)
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
        assert end == 13
        await ground.handled(end)
    assert await ground.numbers() == [2, 3, 5, 6, 7]
