"""From a topic to the platform: peak, p50 and p99 of `rollcall process` and `rollcall dispatch`, beside a loop that
reads the records and makes one call for each.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

import aiohttp
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from adapters.kafka.topics import Topic, make_topics
from adapters.simulator.entities import User
from adapters.simulator.server import Simulator, simulator
from bench.ground import Ground
from bench.measure import Pairs
from bench.schools import FIRST_ACCOUNT, Movers, load, some_schools
from tests.rollcall.processes import town
from tests.servers.kafka import Kafka

SCHOOLS = 4
BURST = 400  # events, for the peak
STEADY_S = 15.0
SHARE_OF_PEAK = 0.25
ROUNDS = 3
PATIENCE_S = 300.0
SETTINGS = {"MAX_REQUESTS_PER_SECOND": "0", "GUARDS": "off"}

_numbers = count(1)


class Compared(NamedTuple):
    peak: Pairs
    p50: Pairs
    p99: Pairs


class Event(NamedTuple):
    """A transfer: of whose account, on which partition."""

    account: int
    partition: int
    value: bytes


@dataclass(frozen=True, slots=True)
class Road:
    """Where events go in, and the platform on which they come out. `rest` waits until nothing is on its way."""

    producer: AIOKafkaProducer
    topic: str
    platform: Simulator
    rest: Callable[[], Awaitable[None]]

    async def peak(self, events: Sequence[Event]) -> float:
        """Events a second, all of them sent at once."""
        return len(events) / max(await self._times(events, pause_s=0.0))

    async def steady(self, events: Sequence[Event], rate: float) -> list[float]:
        """How long each took, in milliseconds, so many sent a second."""
        return [1000 * seconds for seconds in await self._times(events, pause_s=1 / rate)]

    async def _times(self, events: Sequence[Event], pause_s: float) -> list[float]:
        """Seconds from when an event was sent (all at once: from the first) until its account entered a chat."""
        await self.rest()  # who has entered a new chat may still be in the old
        heard, sent, began = len(self.platform.world.updates), {}, time.time()
        for number, event in enumerate(events):
            await asyncio.sleep(max(0.0, began + number * pause_s - time.time()))
            sent[event.account] = time.time() if pause_s else began
            await self.producer.send(self.topic, event.value, partition=event.partition)
        entered: dict[int, float] = {}
        async with asyncio.timeout(PATIENCE_S):
            while len(entered) < len(events):
                await asyncio.sleep(0.1)
                updates, heard = self.platform.world.updates[heard:], len(self.platform.world.updates)
                added = (each for each in updates if each.kind == "user_added" and each.user_id in sent)
                entered |= {each.user_id or 0: each.at.timestamp() for each in added}
        return [entered[account] - at for account, at in sent.items()]


@dataclass(slots=True)
class Transfers:
    """Pupils who move, none of them twice, with the accounts that `load` gave them."""

    movers: Movers
    accounts: Mapping[str, int]
    schools: Sequence[str]

    def next(self, number: int) -> list[Event]:
        return [self._event(value) for value in self.movers.transfers(number)]

    def _event(self, value: bytes) -> Event:
        data = json.loads(value)["data"]
        return Event(self.accounts[data["student_id"]], self.schools.index(data["organisation_id"]), value)


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    schools = some_schools(SCHOOLS)
    people = [person.person_id for school in schools for person in school.people]
    accounts = dict(zip(people, count(FIRST_ACCOUNT), strict=False))
    transfers = Transfers(Movers(schools), accounts, [school.organisation_id for school in schools])
    url, kafka = ground.empty("postgresql"), Kafka()
    await load(url, schools)
    kafka.start()
    try:
        async with simulator(requests_per_second=0) as platform:
            platform.world.put_users(User(account) for account in accounts.values())
            for processes, linger_ms in ((1, 0), (2, 0), (1, 200)):
                async with _processes(kafka, url, platform, processes, linger_ms) as ours:
                    for pairs in await _beside_bare(ours, kafka, transfers, _pairs(processes, linger_ms)):
                        yield pairs
    finally:
        kafka.stop()


def _pairs(processes: int, linger_ms: int) -> Compared:
    by = f"{processes} process and {processes} dispatch, linger {linger_ms} ms"
    return Compared(
        Pairs(f"topic to platform, {by}: peak", "events/s"),
        Pairs(f"topic to platform, {by}: p50 at a quarter of the peak", "ms"),
        Pairs(f"topic to platform, {by}: p99 at a quarter of the peak", "ms"),
    )


async def _beside_bare(ours: Road, kafka: Kafka, transfers: Transfers, compared: Compared) -> Compared:
    for _ in range(ROUNDS):
        peak = await ours.peak(burst := transfers.next(BURST))
        rate = SHARE_OF_PEAK * peak
        some = transfers.next(min(BURST, int(STEADY_S * rate)))  # more, and somebody would move twice
        took = quantiles(await ours.steady(some, rate), n=100)
        async with _bare(kafka, transfers.accounts.values()) as bare:
            compared.peak.add(peak, await bare.peak(_bared(burst)))
        async with _bare(kafka, transfers.accounts.values()) as bare:
            floor = quantiles(await bare.steady(_bared(some), rate), n=100)
        compared.p50.add(took[49], floor[49])
        compared.p99.add(took[98], floor[98])
    return compared


@asynccontextmanager
async def _processes(kafka: Kafka, url: str, platform: Simulator, number: int, linger_ms: int) -> AsyncIterator[Road]:
    """Processes that fill every chat first."""
    settings = SETTINGS | {"DISPATCH_LINGER_MS": str(linger_ms), "KAFKA_PARTITIONS": str(SCHOOLS)}
    with TemporaryDirectory(prefix="rollcall-bench-") as folder:
        async with town(Path(folder), kafka, url, platform, **settings) as lived, _producer(kafka) as producer:
            await lived.start(*["process", "dispatch"] * number, "web")
            yield Road(producer, lived.settings["KAFKA_TOPIC_ROSTER"], platform, lived.quiet)


# the floor


def _bared(events: Iterable[Event]) -> list[Event]:
    return [event._replace(value=str(event.account).encode()) for event in events]


@asynccontextmanager
async def _bare(kafka: Kafka, accounts: Iterable[int]) -> AsyncIterator[Road]:
    """A loop that puts the account of each record into a chat, one call a record."""
    connection = {"bootstrap_servers": [kafka.bootstrap_servers], "ssl_context": None}
    topic = f"bare-{next(_numbers)}"
    await make_topics(connection, [Topic(topic, SCHOOLS, 1)])
    async with (
        simulator(requests_per_second=0) as platform,
        _producer(kafka) as producer,
        AIOKafkaConsumer(topic, **connection, auto_offset_reset="earliest") as consumer,
    ):
        platform.world.put_users(User(account) for account in accounts)
        calling = asyncio.create_task(_call_for_each(consumer, platform))
        yield Road(producer, topic, platform, partial(asyncio.sleep, 0))
        calling.cancel()


async def _call_for_each(consumer: AIOKafkaConsumer, platform: Simulator) -> None:
    chat = platform.world.create_chat("Класс", datetime.now(UTC)).chat_id
    async with aiohttp.ClientSession(headers={"Authorization": "simulator"}) as session:
        async for record in consumer:
            body = {"user_ids": [int(record.value)]}
            async with session.post(f"{platform.max_url}/chats/{chat}/members", json=body) as response:
                response.raise_for_status()


@asynccontextmanager
async def _producer(kafka: Kafka) -> AsyncIterator[AIOKafkaProducer]:
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, linger_ms=0) as producer:
        yield producer
