"""What is told on `membership.changes` and `rollcall.dead-letters`, read from a real broker."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from adapters.database.outgoing import UntoldChanges, UntoldDeadLetters
from adapters.database.store import Database
from adapters.kafka import topics
from adapters.kafka.producer import Producer, Record
from events.telling import change_message, dead_letter_message, tell
from rollcall.kafka import LARGEST_DEAD_LETTER
from schemas.changes import CHANGES
from schemas.messages import Message
from sync.streams import DeadLetter, Headers, Partition
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
    assert await tell(UntoldChanges(road.database), change_message, telling.send) == 2
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
    assert await tell(UntoldChanges(road.database), change_message, telling.send) == 0


async def test_a_dead_letter_is_the_record_as_it_came_with_why_and_where(database_url: str, telling: Telling) -> None:
    database = Database(database_url)
    came: tuple[tuple[str, bytes | None], ...] = (("content-type", b"application/json"), ("odd", None))
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    why = ("invalid", (("/data/имя", "Input should be a string"),), "sis", "1")
    letter = DeadLetter(Partition("roster.events", 3), 41, b"s1", came, b"\xff{", *why, at)
    async with database.streaming() as tx:
        await tx.dead_letters.add([letter])
    assert await tell(UntoldDeadLetters(database), dead_letter_message, telling.send) == 1
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
    assert await tell(UntoldDeadLetters(database), dead_letter_message, telling.send) == 0
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
    assert await tell(UntoldDeadLetters(database), dead_letter_message, telling.send) == 1
    [record] = await telling.records()
    assert (record.key, len(record.value)) == (None, 1_048_576)
    await database.close()


def letter(offset: int, body: bytes, key: bytes | None = b"s1", headers: Headers = ()) -> DeadLetter:
    at = datetime(2025, 11, 1, 10, tzinfo=UTC)
    return DeadLetter(Partition("t", 0), offset, key, headers, body, "too_large", (), None, None, at)


@pytest.mark.parametrize(
    "large",
    [
        letter(1, b"x" * 3_000_000),
        letter(1, b"x" * 1_100_000),  # not too long for us, but for the topic
        letter(1, b"x", headers=(("whose", b"x" * 3_000_000), ("kept", b"y"))),
        letter(1, b"x", key=b"k" * 3_000_000),
    ],
    ids=["body", "for the topic", "header", "key"],
)
async def test_a_dead_letter_too_large_for_its_topic_is_cut_and_the_others_are_told(
    sqlite_url: str, telling: Telling, large: DeadLetter
) -> None:
    database = Database(sqlite_url)
    async with database.streaming() as tx:
        await tx.dead_letters.add([letter(0, b"{"), large, letter(2, b"[")])
    assert await tell(UntoldDeadLetters(database), dead_letter_message, telling.send) == 3
    records = {}
    for record in await telling.records():
        told = dict(record.headers)
        records[int(told["rollcall-offset"])] = (record, told)
    assert [records[offset][0].value for offset in (0, 2)] == [b"{", b"["]
    record, told = records[1]
    assert large.body.startswith(record.value)
    assert (large.key or b"").startswith(record.key)
    assert told["rollcall-size"] == str(len(large.body)).encode()
    assert told["rollcall-sha256"] == sha256(large.body).hexdigest().encode()
    assert (told["rollcall-topic"], told["rollcall-partition"]) == (b"t", b"0")
    assert told.get("kept") == dict(large.headers).get("kept")
    assert await tell(UntoldDeadLetters(database), dead_letter_message, telling.send) == 0
    await database.close()
