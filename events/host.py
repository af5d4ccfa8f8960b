"""Faust, embedded: it shares the partitions out among processes, and its consumer polls them.

Nothing here is trusted: what is delivered twice, late or not at all, the stream puts right by the database's offsets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from faust.auth import SASLCredentials, SSLCredentials

from events.consumer import App
from events.leaving import end_within, leave
from events.offsets import Found, Part
from events.stream import Stream
from events.topics import KafkaTopics
from sync.errors import StoreUnavailable
from sync.streams import Partition

REQUEST_S = 30.0
BETWEEN_POLLS_S = 10 * 365 * 86_400.0  # who polls nothing for longer leaves the group; and without polls, never rejoins
STOP_WITHIN_S = 3.0
REST_WITHIN_S = 2.0
LOOK_EVERY_S = 2.0
METADATA_EVERY_S = 5.0  # a broker just started knows no topic yet: who joins then has nothing until he asks again

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class HostOptions:
    """`connection`: the options of an aiokafka client that tell where Kafka is. `instance_id`: a name of this process
    that outlives it, where it has one. Who is silent for `session_s` has his partitions given to others.
    """

    connection: Mapping[str, Any]
    group: str
    topics: Sequence[str]
    session_s: float = 10.0
    instance_id: str | None = None


class Host:
    """Delivers the topics' records to a stream, in this loop, as one process of its group."""

    def __init__(self, options: HostOptions, stream: Stream, topics: KafkaTopics) -> None:
        self._options = options
        self._stream = stream
        self._topics = topics
        self._begun: set[Partition] = set()
        self._app = _app(options)
        self._app.begin, self._app.take = self._begin, self._take
        self._app.subscribe(options.topics)

    async def run(self, stopping: asyncio.Event) -> None:
        """Goes on until `stopping` is set. Leaves the process when something goes wrong that cannot be tried again."""
        self._app.finalize()
        tasks = [asyncio.create_task(self._start()), asyncio.create_task(self._keep_looking())]
        try:
            await self._ended(stopping)
        finally:
            for task in tasks:
                task.cancel()
            await self._stop(stopping)

    async def _start(self) -> None:
        try:
            await self._app.start()
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing would be taken in
            leave("Faust cannot start", error)

    async def _ended(self, stopping: asyncio.Event) -> None:
        told, by_itself = asyncio.create_task(stopping.wait()), asyncio.create_task(self._app.ended())
        try:
            await asyncio.wait((told, by_itself), return_when=asyncio.FIRST_COMPLETED)
            if not stopping.is_set():
                leave("Faust ended by itself", by_itself.result())
        finally:
            told.cancel()
            by_itself.cancel()

    async def _stop(self, stopping: asyncio.Event) -> None:
        """Faust ends, but not at any price: what it has not done is done at the next start. It waits for its thread
        with the loop blocked, where no timeout of the loop would be heard.
        """
        ending = end_within(2 * STOP_WITHIN_S)
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                await self._app.stop()
        except Exception as error:  # noqa: BLE001 - its tasks may outlast any wish to end
            log.warning("stream.stopped_halfway", error=type(error).__name__)
        else:
            ending.cancel()
        if stopping.is_set():
            await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(REST_WITHIN_S):
                await self._stream.rest()
        except (StoreUnavailable, TimeoutError) as error:
            log.warning("stream.looks_as_if_it_died", error=type(error).__name__)

    async def _begin(self, found: Mapping[Partition, Found]) -> Mapping[Partition, int]:
        begun = await self._stream.begin(found)
        self._begun = set(begun)
        return begun

    async def _take(self, parts: Sequence[Part]) -> None:
        try:
            await self._stream.take(parts)
        except Exception as error:  # noqa: BLE001 - the next batch must not be taken without it
            leave("a batch cannot be taken", error)

    async def _keep_looking(self) -> None:
        """Whatever was not delivered is read directly: after a resume, or where a record got lost on the way."""
        before: dict[Partition, int] = {}
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                before = await self._look(before)
            except KafkaError as error:
                log.warning("stream.kafka_away", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - as in a batch
                leave("what was not delivered cannot be taken", error)

    async def _look(self, before: Mapping[Partition, int]) -> dict[Partition, int]:
        assigned = {Partition(*tp) for tp in self._app.consumer.assignment()}
        positions = await self._stream.positions(sorted(assigned & self._begun))
        ends = await self._topics.ends(positions)
        for partition, position in positions.items():
            if before.get(partition) != position.next or position.stopped_at is not None:
                continue
            if position.next > ends[partition]:
                leave(f"{partition.topic} {partition.number} ends before {position.next}: it was made anew, or cut")
            await self._stream.catch_up(partition, ends[partition])
        return {partition: position.next for partition, position in positions.items()}


def _app(options: HostOptions) -> App:
    return App(
        options.group,
        broker=[f"kafka://{server}" for server in options.connection["bootstrap_servers"]],
        broker_credentials=_credentials(options.connection),
        broker_session_timeout=options.session_s,
        broker_heartbeat_interval=options.session_s / 4,
        broker_rebalance_timeout=max(10.0, options.session_s),
        broker_request_timeout=REQUEST_S,
        broker_commit_interval=1.0,
        broker_max_poll_interval=BETWEEN_POLLS_S,
        broker_max_poll_records=2_000,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=options.instance_id,
        consumer_metadata_max_age_ms=int(METADATA_EVERY_S * 1000),
        stream_wait_empty=False,  # the offsets are ours; else a full buffer outlasts the session
        store="memory://",
        table_standby_replicas=0,  # without tables: an ordinary assignor, and all processes alike
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
    )


def _credentials(connection: Mapping[str, Any]) -> Any:
    """The same options, as Faust wants them."""
    trust = connection["ssl_context"]
    if "sasl_mechanism" in connection:
        name, password = connection["sasl_plain_username"], connection["sasl_plain_password"]
        return SASLCredentials(
            username=name, password=password, ssl_context=trust, mechanism=connection["sasl_mechanism"]
        )
    return SSLCredentials(trust) if trust is not None else None
