"""The agents: each topic's records, in batches, to one who takes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

import faust

from events.offsets import Part, Record, runs
from events.topics import record
from sync.streams import Partition

AT_ONCE = 500  # records
WITHIN_S = 0.01

Take = Callable[[Sequence[Part]], Awaitable[None]]


def add_agents(app: faust.App, topics: Iterable[str], take: Take) -> None:
    """One agent a topic, one batch at a time: what scales is partitions and processes."""

    async def take_batches(stream: faust.StreamT[bytes]) -> None:
        async for events in stream.take_events(AT_ONCE, within=WITHIN_S):
            await take(_parts(events))

    for name in topics:
        topic = app.topic(name, key_serializer="raw", value_serializer="raw")
        app.agent(topic, name=name, concurrency=1)(take_batches)


def _parts(events: Iterable[faust.EventT]) -> list[Part]:
    found: dict[Partition, list[Record]] = {}
    for event in events:
        message = event.message
        at_ms = round(message.timestamp * 1000) if message.timestamp is not None else None
        partition = Partition(message.topic, message.partition)
        one = record(message.offset, at_ms, message.key, message.value, message.headers or ())
        found.setdefault(partition, []).append(one)
    return [part for partition, records in found.items() for part in runs(partition, records)]
