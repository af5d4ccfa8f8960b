"""The worker that publishes applied changes and dead letters on topics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from adapters.database.outgoing import UntoldChanges, UntoldDeadLetters
from adapters.kafka.producer import Record
from events.telling import change_message, dead_letter_message, tell
from rollcall.app import App
from rollcall.kafka import Topics
from rollcall.workers import until_stopping
from schemas.messages import Message
from sync.ports.outgoing import Untold

log = structlog.get_logger()

TELL_EVERY_S = 0.5

T = TypeVar("T")


async def keep_telling_changes(app: App, topics: Topics) -> None:
    untold = UntoldChanges(app.database)
    await _keep_telling(app, topics, app.settings.kafka_topic_changes, untold, change_message)


async def keep_telling_dead_letters(app: App, topics: Topics) -> None:
    untold = UntoldDeadLetters(app.database)
    await _keep_telling(app, topics, app.settings.kafka_topic_dead_letters, untold, dead_letter_message)


async def _keep_telling(
    app: App, topics: Topics, topic: str, untold: Untold[T], message: Callable[[T], Message]
) -> None:
    async def send(messages: Sequence[Message]) -> None:
        await topics.producer.send([Record(topic, each) for each in messages])

    async def tell_once() -> bool:
        told = await tell(untold, message, send)
        if told:
            log.info("topic.told", topic=topic, records=told)
        return told > 0

    await until_stopping(app, f"telling {topic}", tell_once, lambda: app.pause(TELL_EVERY_S))
