"""Producers of others, as the documents show them: on the partition that ours would choose, and taken in."""

from __future__ import annotations

import asyncio
import json

from adapters.kafka.producer import Producer, Record
from events.decode import decode
from schemas.catalogue import key_of
from schemas.messages import message_of
from schemas.rejections import Rejection
from tests.road import START
from tests.servers.examples import run, shown
from tests.servers.kafka import Kafka
from tests.servers.topics import make_topics, records_of

SCHOOLS = [f"школа № {number}" for number in range(40)]


def event(school: str) -> dict[str, object]:
    head = {"specversion": "1.0", "id": school, "source": "sis", "time": "2025-11-01T10:00:00Z"}
    data = {"organisation_id": school, "name": "Школа"}
    return {**head, "type": "school.organisation.registered.v1", "data": data}


async def test_the_example_on_librdkafka_chooses_the_partition_that_ours_does(kafka: Kafka) -> None:
    await make_topics(kafka.bootstrap_servers, ["theirs", "ours"], partitions=12)
    example = run(shown("producing.md", "python", "# confluent-kafka"))
    events, topics = [event(school) for school in SCHOOLS], {"school": ("theirs", "organisation_id")}
    theirs = example["producer"](kafka.bootstrap_servers)
    await asyncio.to_thread(example["publish"], theirs, events, topics)
    ours = Producer({"bootstrap_servers": kafka.bootstrap_servers})
    read = [decode(json.dumps(each).encode(), (), START) for each in events]
    assert [each for each in read if isinstance(each, Rejection)] == []
    await ours.send([Record("ours", message_of(each, key_of(each))) for each in read])  # type: ignore[arg-type]
    await ours.close()
    placed = {
        topic: {record.key.decode(): record.partition for record in await records_of(kafka.bootstrap_servers, topic)}
        for topic in ("theirs", "ours")
    }
    assert placed["theirs"] == placed["ours"]
    assert placed["ours"].keys() == set(SCHOOLS)
    assert len(set(placed["ours"].values())) > 6
    for record in await records_of(kafka.bootstrap_servers, "theirs"):
        assert not isinstance(decode(record.value, record.headers, START), Rejection)
