"""Records that cannot be taken: each is a dead letter, the partition goes on; too many of them, and it stands still."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from events import host
from events.dead_letters import discard, retry
from events.offsets import MOST_BAD, TOO_MANY_BAD
from rollcall.commands.dead_letters import _listed, _resumed, _shown
from rollcall.kafka import kafka_connection
from rollcall.output import Failed
from schemas.rejections import Rejection
from sync.streams import Partition
from sync.use_cases.ingest_events import Ingested
from tests.road import START
from tests.servers.topics import set_config
from tests.streams.ground import Ground, eventually


def of_unknown_type(ground: Ground) -> bytes:
    return ground.event("school.dragon.tamed", organisation_id="s1")


def oversized(ground: Ground) -> bytes:
    return ground.hired("t") + b" " * 65_536


async def test_what_cannot_be_taken_is_a_dead_letter_and_the_rest_is_taken(ground: Ground) -> None:
    bad = [b"{", b"[]", oversized(ground), of_unknown_type(ground), ground.event("school.class.closed")]
    async with ground.processing():
        await ground.handled(await ground.send(*bad, None, ground.hired("t")) + 1)
    reasons = ["not_json", "not_cloudevents", "too_large", "unknown_type", "invalid"]
    assert await ground.dead() == list(enumerate(reasons))
    assert await ground.numbers() == [ground.sent]


@pytest.mark.parametrize("keeps", ["LogAppendTime", "CreateTime"])
async def test_the_clock_of_a_producer_is_not_its_own_witness(ground: Ground, keeps: str) -> None:
    config = {"message.timestamp.type": keeps, "message.timestamp.after.max.ms": str(2**63 - 1)}
    await set_config(str(ground.settings.kafka_bootstrap_servers), ground.roster, config)
    ahead = datetime(2100, 1, 1, tzinfo=UTC)
    mad = json.dumps(json.loads(ground.hired("t")) | {"time": ahead.isoformat()}).encode()
    sent = await ground.producer.send(ground.roster, mad, b"key", 0, timestamp_ms=int(ahead.timestamp() * 1000))
    async with ground.processing():
        told = await sent
        assert told.timestamp_type == (keeps == "LogAppendTime")
        await ground.handled(told.offset + 1)
    assert await ground.dead() == [(0, "time_too_far_ahead")]


async def test_a_dead_letter_is_shown_as_it_came(ground: Ground) -> None:
    async with ground.processing():
        await ground.handled(await ground.send(value := of_unknown_type(ground)) + 1)
    [view] = await _listed(ground.settings)
    assert (view.topic, view.partition, view.offset, view.key) == (ground.roster, 0, 0, "key")
    shown: dict[str, Any] = await _shown(ground.settings, view.id)
    assert (shown["body"], shown["state"]) == (value.decode(), "waiting")
    assert [error["pointer"] for error in shown["errors"]] == ["/type"]


async def test_a_record_that_swells_is_a_dead_letter(ground: Ground) -> None:
    swelling = ground.hired("t") + b" " * 3_000_000
    connection = kafka_connection(ground.settings)
    async with AIOKafkaProducer(**connection, compression_type="gzip", max_request_size=4_000_000) as producer:
        await producer.send_and_wait(ground.roster, swelling, b"key", 0)
    async with ground.processing():
        await ground.handled(await ground.send(ground.hired("u")) + 1)
    assert await ground.dead() == [(0, "too_large")]
    assert await ground.numbers() == [2]


async def test_an_event_for_the_other_topic_is_taken_all_the_same(ground: Ground) -> None:
    async with ground.processing():
        end = await ground.send(ground.hired("t"), topic=ground.accounts) + 1
        await ground.handled(end, topic=ground.accounts)
    assert await ground.numbers() == [1]


async def test_one_bad_record_too_many_stops_the_partition_behind_it_until_it_is_resumed(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "LOOK_EVERY_S", 0.2)
    roster_0 = Partition(ground.roster, 0)
    async with ground.processing():
        end = await ground.send(*(b"{" for _ in range(MOST_BAD + 1)), b"{", ground.hired("late")) + 1
        await ground.handled(MOST_BAD + 1)
        other = await ground.send(ground.hired("elsewhere"), partition=1) + 1
        await ground.handled(other, partition=1)
        async with ground.database.streaming() as tx:
            position = (await tx.positions.read([roster_0]))[roster_0]
        assert (position.next, position.stopped_why) == (MOST_BAD + 1, TOO_MANY_BAD)
        assert await _resumed(ground.settings, roster_0, None) == MOST_BAD + 1
        await ground.handled(end)
    assert len(await ground.dead()) == MOST_BAD + 2
    assert sorted(await ground.numbers()) == [1, 2]


async def test_what_does_not_stand_still_is_not_resumed(ground: Ground) -> None:
    with pytest.raises(Failed, match="does not stand still"):
        await _resumed(ground.settings, Partition(ground.roster, 0), None)


async def test_a_partition_that_stands_outside_its_topic_goes_on_from_where_it_is_told(ground: Ground) -> None:
    roster_0 = Partition(ground.roster, 0)
    async with ground.processing():
        await ground.handled(await ground.send(ground.hired("first")) + 1)
        async with ground.database.streaming() as tx:
            [(_, position)] = (await tx.positions.read([roster_0])).items()
            stopped = type(position)(99, 0, START, "offset_out_of_range")
            await tx.positions.write({roster_0: stopped})
        with pytest.raises(Failed, match="0 to 1, not 99"):
            await _resumed(ground.settings, roster_0, None)
        assert await _resumed(ground.settings, roster_0, "earliest") == 0
        await ground.handled(await ground.send(ground.hired("second")) + 1)
    assert await ground.numbers() == [1, 2]


async def test_a_dead_letter_is_taken_once_it_can_be(ground: Ground) -> None:
    body = json.loads(ground.hired("t"))
    async with ground.processing() as parts:
        await ground.handled(await ground.send(json.dumps(body | {"type": "school.employee.hired.v9"}).encode()) + 1)
    [view] = await _listed(ground.settings)
    assert isinstance(await retry(view.id, ground.database, parts.rules, START), Rejection)
    await mend(ground, json.dumps(body).encode())
    assert isinstance(await retry(view.id, ground.database, parts.rules, START), Ingested)
    assert await retry(view.id, ground.database, parts.rules, START) is None
    assert not await discard(view.id, ground.database)
    assert await ground.numbers() == [1]


async def mend(ground: Ground, body: bytes) -> None:
    """As if this build had learnt the type meanwhile."""
    from adapters.database.schema import dead_letters  # noqa: PLC0415

    async with ground.database.writing() as connection:
        await connection.execute(dead_letters.update().values(body=body))


async def test_a_dead_letter_that_was_discarded_waits_no_longer(ground: Ground) -> None:
    async with ground.processing():
        await ground.handled(await ground.send(b"{") + 1)
    [view] = await _listed(ground.settings)
    assert await discard(view.id, ground.database)

    async def gone() -> bool:
        return [one.state for one in await _listed(ground.settings)] == ["discarded"]

    await eventually(gone)
