"""Telling on topics what was applied and what could not be taken: each row at least once, and always the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog
from sqlalchemy import Table

from adapters.database.outgoing import Outgoing, turn_to_tell
from adapters.database.store import Database
from adapters.database.tables import changes, dead_letters
from adapters.kafka.producer import Record
from rollcall.parts import Parts
from rollcall.topics import OntoTopics
from rollcall.workers import until_stopping
from schemas.messages import Message

log = structlog.get_logger()

AT_ONCE = 500
TELL_EVERY_S = 0.5

Send = Callable[[Sequence[Message]], Awaitable[None]]


async def keep_telling_changes(parts: Parts, topics: OntoTopics) -> None:
    """Tells of changes that were applied on a platform."""
    await _keep_telling(parts, topics, changes, parts.settings.kafka_topic_changes)


async def keep_telling_dead_letters(parts: Parts, topics: OntoTopics) -> None:
    """Tells of records that could not be taken."""
    await _keep_telling(parts, topics, dead_letters, parts.settings.kafka_topic_dead_letters)


async def _keep_telling(parts: Parts, topics: OntoTopics, table: Table, topic: str) -> None:
    async def send(messages: Sequence[Message]) -> None:
        await topics.producer.send([Record(topic, message) for message in messages])

    async def tell_once() -> bool:
        told = await tell(parts.database, table, send)
        if told:
            log.info("topic.told", topic=topic, records=told)
        return told > 0

    await until_stopping(parts, f"telling {topic}", tell_once, lambda: parts.pause(TELL_EVERY_S))


async def tell(database: Database, table: Table, send: Send) -> int:
    """Tells of the oldest rows that were not told; gives how many. None while another process does.

    Raises StoreUnavailable, and what `send` raises: some may have been told, and will be again.
    """
    async with turn_to_tell(database, table) as ours:
        if not ours:
            return 0
        async with database.reading() as connection:
            found = await Outgoing(connection).untold(table, AT_ONCE)
        await send([message for _, message in found])
        async with database.writing() as connection:
            await Outgoing(connection).were_told(table, [no for no, _ in found], await database.time(connection))
        return len(found)
