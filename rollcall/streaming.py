"""The topics, for a process that takes them in."""

from __future__ import annotations

import asyncio

import structlog
from aiokafka.errors import KafkaError

from adapters.kafka.topics import make_topics
from events.host import Host, HostOptions
from events.stream import Stream
from events.topics import KafkaTopics
from rollcall.kafka import kafka_connection, topics_of
from rollcall.parts import Parts
from rollcall.workers import noticed

log = structlog.get_logger()

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0


async def keep_streaming(parts: Parts) -> None:
    """Takes the topics in until told to stop. Waits for Kafka, and makes topics that are missing."""
    settings = parts.settings
    if not await _topics_made(parts):
        return
    connection = kafka_connection(settings)
    topics = KafkaTopics(connection)
    stream = Stream(parts.database, parts.rules, parts.clock.now, noticed(parts), topics)
    names = (settings.kafka_topic_roster, settings.kafka_topic_accounts)
    options = HostOptions(connection, settings.kafka_group, names, settings.kafka_session_s, settings.kafka_instance_id)
    try:
        await Host(options, stream, topics).run(parts.stopping)
    finally:
        await topics.close()


async def _topics_made(parts: Parts) -> bool:
    """Whether the topics are there; False when told to stop before they were."""
    pause = FIRST_PAUSE_S
    while not parts.stopping.is_set():
        try:
            made = await make_topics(kafka_connection(parts.settings), topics_of(parts.settings))
        except KafkaError as error:
            log.warning("kafka.away", error=str(error), again_in_s=pause)
            await _stopping(parts, pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
        else:
            log.info("kafka.topics", made=made)
            return True
    return False


async def _stopping(parts: Parts, within_s: float) -> None:
    try:
        async with asyncio.timeout(within_s):
            await parts.stopping.wait()
    except TimeoutError:
        return
