"""Publishing incoming events on the topics, if there is a Kafka; the processes that read the topics do the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from events.intake import REJECTED, EventOutcome
from schemas.catalogue import IncomingEvent, key_of, topic_of
from schemas.messages import Message, message_of
from schemas.rejections import Rejection

QUEUED = "queued"

Publish = Callable[[Sequence[tuple[str, Message]]], Awaitable[None]]
"""Publish messages on their topics, in order. Raises TopicsUnavailable (retriable)."""


@dataclass(frozen=True, slots=True)
class OntoTopics:
    """Publishes batches on the topics, in order for each school and for each person's accounts. `names`: of the topics
    `roster` and `account`.
    """

    publish: Publish
    names: Mapping[str, str]

    async def take(self, events: Sequence[IncomingEvent | Rejection]) -> list[EventOutcome]:
        """Publish one batch. Return each event's outcome, in order; a rejected event does not affect the others. Raises
        TopicsUnavailable with an unknown number published (retriable; the same batch again is harmless).
        """
        await self.publish(
            [
                (self.names[topic_of(event)], message_of(event, key_of(event)))
                for event in events
                if not isinstance(event, Rejection)
            ]
        )
        return [
            EventOutcome(event.source, event.id, REJECTED, event)
            if isinstance(event, Rejection)
            else EventOutcome(event.source, event.id, QUEUED)
            for event in events
        ]
