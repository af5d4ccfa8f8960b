"""Topics that are missing are made, and are there when that is said."""

from __future__ import annotations

import logging

import pytest
from aiokafka import AIOKafkaProducer

from adapters.kafka.topics import Topic, make_topics
from tests.servers.kafka import Kafka

PARTITIONS = 12


@pytest.mark.parametrize("number", range(3))
async def test_topics_just_made_take_records_at_once(
    kafka: Kafka, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    connection = {"bootstrap_servers": kafka.bootstrap_servers}
    names = [f"made-{number}-{topic}" for topic in range(3)]
    assert await make_topics(connection, [Topic(name, PARTITIONS, 1) for name in names]) == names
    with caplog.at_level(logging.INFO, "aiokafka.producer"):
        async with AIOKafkaProducer(**connection, enable_idempotence=True, acks="all") as producer:
            sent = [await producer.send(name, b"x", partition=part) for part in range(PARTITIONS) for name in names]
            for one in sent:
                await one
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert await make_topics(connection, [Topic(name, PARTITIONS, 1) for name in names]) == []
