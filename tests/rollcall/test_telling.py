"""What is told on `membership.changes` and `rollcall.dead-letters`, read from a real broker."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.database.store import Database
from adapters.database.tables import changes, dead_letters
from adapters.kafka import topics
from adapters.kafka.producer import Producer, Record
from rollcall.kafka import LARGEST_DEAD_LETTER
from rollcall.telling import tell
from schemas.changes import CHANGES
from schemas.messages import Message
from sync.streams import DeadLetter, Partition
from tests.road import Road
from tests.servers.kafka import Kafka
from tests.servers.topics import make_topics, records_of

_numbers = itertools.count(1)
MODELS = {model.type_name(): model for model in CHANGES}


class Telling:
    """Tells on a topic of its own."""

    def __init__(self, broker: Kafka, producer: Producer) -> None:
        self.broker, self.producer, self.topic = broker, producer, f"told-{next(_numbers)}"

    async def send(self, messages: Sequence[Message]) -> None:
        await self.producer.send([Record(self.topic, message) for message in messages])

    async def records(self) -> list[Any]:
        return await records_of(self.broker.bootstrap_servers, self.topic)


@pytest.fixture
async def telling(kafka: Kafka) -> AsyncIterator[Telling]:
    producer = Producer({"bootstrap_servers": kafka.bootstrap_servers})
    telling = Telling(kafka, producer)
    await make_topics(kafka.bootstrap_servers, [telling.topic])
    yield telling
    await producer.close()


def event(number: int, kind: str, **data: Any) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": str(number), "source": "sis", "type": f"{kind}.v1"}
    return head | {"time": f"2025-11-01T10:00:{number:02}Z", "data": data}


SCHOOL = [
    event(1, "school.organisation.registered", organisation_id="s1", name="Школа"),
    event(2, "school.employee.hired", organisation_id="s1", employee_id="t", position_type="teaching_staff"),
    event(3, "account.linked", person_id="t", provider="max", external_user_id="7"),
]


async def test_each_change_is_told_as_a_cloudevent_of_its_school(road: Road, telling: Telling) -> None:
    road.knows("7")
    await road.post(SCHOOL)
    await road.converge()
    await road.post([event(4, "school.employee.dismissed", organisation_id="s1", employee_id="t")])
    await road.converge()
    assert await tell(road.database, changes, telling.send) == 2
    records = await telling.records()
    assert {(record.key, record.headers) for record in records} == {
        (b"s1", (("content-type", b"application/cloudevents+json"),))
    }
    told = [json.loads(record.value) for record in records]
    assert [MODELS[each["type"]].model_validate_json(json.dumps(each)).type for each in told] == [
        "membership.added.v1",
        "membership.removed.v1",
    ]
    causes = [each["data"].pop("cause") for each in told]
    assert [(cause["source"], cause["id"], cause["topic"]) for cause in causes] == [
        ("sis", "3", "inbox"),
        ("sis", "4", "inbox"),
    ]
    instants = [each["data"].pop("applied_at") for each in told]
    assert instants == [each["time"] for each in told]
    of = {"organisation_id": "s1", "chat_id": "staff:s1", "person_id": "t"}
    assert [each["data"] for each in told] == [
        of | {"role": "member", "reasons": ["employed"]},
        of | {"role": None, "reasons": []},
    ]
    assert len({each["id"] for each in told}) == 2
    assert await tell(road.database, changes, telling.send) == 0


async def test_a_dead_letter_is_the_record_as_it_came_with_why_and_where(database_url: str, telling: Telling) -> None:
    database = Database(database_url)
    came: tuple[tuple[str, bytes | None], ...] = (("content-type", b"application/json"), ("odd", None))
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    why = ("invalid", (("/data/имя", "Input should be a string"),), "sis", "1")
    letter = DeadLetter(Partition("roster.events", 3), 41, b"s1", came, b"\xff{", *why, at)
    async with database.streaming() as tx:
        await tx.dead_letters.add([letter])
    assert await tell(database, dead_letters, telling.send) == 1
    [record] = await telling.records()
    assert (record.key, record.value) == (b"s1", b"\xff{")
    assert record.headers[:2] == came
    assert [(name, value.decode()) for name, value in record.headers[2:]] == [
        ("rollcall-reason", "invalid"),
        ("rollcall-errors", '[{"pointer": "/data/имя", "detail": "Input should be a string"}]'),
        ("rollcall-topic", "roster.events"),
        ("rollcall-partition", "3"),
        ("rollcall-offset", "41"),
    ]
    assert await tell(database, dead_letters, telling.send) == 0
    await database.close()


async def test_a_dead_letter_of_the_largest_record_a_broker_takes_is_told(
    sqlite_url: str, kafka: Kafka, telling: Telling
) -> None:
    telling.topic = "told-large"
    connection = {"bootstrap_servers": kafka.bootstrap_servers}
    await topics.make_topics(
        connection, [topics.Topic(telling.topic, 1, 1, {"max.message.bytes": str(LARGEST_DEAD_LETTER)})]
    )
    database = Database(sqlite_url)
    letter = DeadLetter(
        Partition("t", 0), 1, None, (), b"x" * 1_048_576, "too_large", (), None, None, datetime.now(UTC)
    )
    async with database.streaming() as tx:
        await tx.dead_letters.add([letter])
    assert await tell(database, dead_letters, telling.send) == 1
    [record] = await telling.records()
    assert (record.key, len(record.value)) == (None, 1_048_576)
    await database.close()
