"""The topics, for a process that takes them in."""

from __future__ import annotations

import asyncio

import structlog
from aiokafka.errors import KafkaError

from adapters.kafka.groups import coordinated
from adapters.kafka.topics import make_topics
from events.host import Host, HostOptions
from events.stream import Stream
from events.topics import KafkaTopics
from rollcall.app import App
from rollcall.kafka import kafka_connection, topics_of
from rollcall.workers import noticed

log = structlog.get_logger()

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0


async def keep_streaming(app: App) -> None:
    """Takes the topics in until told to stop. Waits for Kafka, and makes topics that are missing."""
    settings = app.settings
    if not await _topics_made(app):
        return
    connection = kafka_connection(settings)
    await coordinated(connection, settings.kafka_group)
    topics = KafkaTopics(connection)
    stream = Stream(app.database, app.rules, app.clock.now, noticed(app), topics)
    names = (settings.kafka_topic_roster, settings.kafka_topic_accounts)
    options = HostOptions(connection, settings.kafka_group, names, settings.kafka_session_s, settings.kafka_instance_id)
    try:
        await Host(options, stream, topics).run(app.stopping)
    finally:
        await topics.close()


async def _topics_made(app: App) -> bool:
    """Whether the topics are there; False when told to stop before they were."""
    pause = FIRST_PAUSE_S
    while not app.stopping.is_set():
        try:
            made = await make_topics(kafka_connection(app.settings), topics_of(app.settings))
        except KafkaError as error:
            log.warning("kafka.away", error=str(error), again_in_s=pause)
            await _stopping(app, pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
        else:
            log.info("kafka.topics", made=made)
            return True
    return False


async def _stopping(app: App, within_s: float) -> None:
    try:
        async with asyncio.timeout(within_s):
            await app.stopping.wait()
    except TimeoutError:
        return
