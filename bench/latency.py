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
STEADY_S = 8.0
SHARE_OF_PEAK = 0.25
RATES = (10, 60)  # events a second
ROUNDS = 3
PATIENCE_S = 300.0
WARMING = range(1, SCHOOLS + 1)  # accounts of nobody
SETTINGS = {"MAX_REQUESTS_PER_SECOND": "0", "GUARDS": "off"}

_numbers = count(1)


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
            async with _processes(kafka, url, platform) as ours:
                for pairs in await _beside_bare(ours, kafka, transfers):
                    yield pairs
    finally:
        kafka.stop()


async def _beside_bare(ours: Road, kafka: Kafka, transfers: Transfers) -> list[Pairs]:
    peak = Pairs("topic to platform, 1 process and 1 dispatch: peak", "events/s")
    steady = {name: _steady(name) for name in ("a quarter of the peak", *(f"{rate}/s" for rate in RATES))}
    for _ in range(ROUNDS):
        most = await ours.peak(burst := transfers.next(BURST))
        async with _bare(kafka, transfers.accounts.values()) as bare:
            peak.add(most, await bare.peak(_bared(burst)))
        for (p50, p99), rate in zip(steady.values(), (SHARE_OF_PEAK * most, *RATES), strict=True):
            some = transfers.next(min(BURST, int(STEADY_S * rate)))  # more, and somebody would move twice
            took = quantiles(await ours.steady(some, rate), n=100)
            async with _bare(kafka, transfers.accounts.values()) as bare:
                floor = quantiles(await bare.steady(_bared(some), rate), n=100)
            p50.add(took[49], floor[49])
            p99.add(took[98], floor[98])
    return [peak, *(pairs for both in steady.values() for pairs in both)]


def _steady(rate: str) -> tuple[Pairs, Pairs]:
    return Pairs(f"topic to platform at {rate}: p50", "ms"), Pairs(f"topic to platform at {rate}: p99", "ms")


@asynccontextmanager
async def _processes(kafka: Kafka, url: str, platform: Simulator) -> AsyncIterator[Road]:
    """Processes that fill every chat first."""
    settings = SETTINGS | {"DISPATCH_LINGER_MS": "0", "KAFKA_PARTITIONS": str(SCHOOLS)}
    with TemporaryDirectory(prefix="rollcall-bench-") as folder:
        async with town(Path(folder), kafka, url, platform, **settings) as lived, _producer(kafka) as producer:
            await lived.start("process", "dispatch", "web")
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
        platform.world.put_users(User(account) for account in (*WARMING, *accounts))
        calling = asyncio.create_task(_call_for_each(consumer, platform))
        await _warmed(producer, topic, platform)
        yield Road(producer, topic, platform, partial(asyncio.sleep, 0))
        calling.cancel()


async def _warmed(producer: AIOKafkaProducer, topic: str, platform: Simulator) -> None:
    """Waits until a record of every partition has come out: a topic just made has no leaders yet."""
    for partition, account in enumerate(WARMING):
        await producer.send_and_wait(topic, str(account).encode(), partition=partition)
    entered: set[int | None] = set()
    async with asyncio.timeout(PATIENCE_S):
        while entered < set(WARMING):
            await asyncio.sleep(0.05)
            entered = {each.user_id for each in platform.world.updates if each.kind == "user_added"}


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
