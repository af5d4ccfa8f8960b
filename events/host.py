"""Embedded Faust: it assigns the partitions to processes, and its consumer polls them.

Correctness does not depend on it: records delivered twice, late or not at all are corrected by the stream, from the
database's offsets.
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
BETWEEN_POLLS_S = 10 * 365 * 86_400.0  # a consumer that polls later leaves the group, and rejoins only by polling
STOP_WITHIN_S = 3.0
REST_WITHIN_S = 2.0
LOOK_EVERY_S = 2.0
SHARE_WITHIN = 30  # looks; a rebalance takes ten seconds at most
METADATA_EVERY_S = 5.0  # a new broker may not know the topics yet: members get nothing until their next refresh

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class HostOptions:
    """`connection`: the options of an aiokafka client that tell where Kafka is. `instance_id`: a stable name of this
    process across restarts, if it has one. A process silent for `session_s` loses its partitions to others.
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
        self._waited = 0  # consecutive looks at which Kafka answered and we had no share
        self._app = _app(options)
        self._app.begin, self._app.take = self._begin, self._take
        self._app.subscribe(options.topics)

    async def run(self, stopping: asyncio.Event) -> None:
        """Run until `stopping` is set. Ends the process on an error that cannot be retried."""
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
        """Stop Faust, within a time limit: the next start does what is left. Faust joins its thread with the loop
        blocked, where a timeout of the loop would not fire.
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
        """Read undelivered records directly: after a resume, or after a delivery was lost."""
        before: dict[Partition, int] = {}
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                before = await self._look(before)
                await self._watch()
            except KafkaError as error:
                self._waited = 0
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

    async def _watch(self) -> None:
        """End the process if it gets no share though Kafka answers: it has lost its group without noticing."""
        if not self._app.consumer.awaits_share:
            self._waited = 0
            return
        await self._topics.ends(Partition(topic, 0) for topic in self._options.topics)
        self._waited += 1
        if self._waited > SHARE_WITHIN:
            leave("the group gives us no partitions, and Kafka answers")


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
        stream_wait_empty=False,  # offsets are ours; otherwise a full buffer outlasts the session
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
