"""Events onto the topics, where there is a Kafka: whoever reads them there works out the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from events.intake import REJECTED, EventOutcome
from schemas.catalogue import IncomingEvent, key_of, topic_of
from schemas.messages import Message, message_of
from schemas.rejections import Rejection

QUEUED = "queued"

Publish = Callable[[Sequence[tuple[str, Message]]], Awaitable[None]]
"""Puts messages onto their topics, in order. Raises TopicsUnavailable (retriable)."""


@dataclass(frozen=True, slots=True)
class OntoTopics:
    """Puts batches onto the topics: all events of a school, and all of a person's account, in their order.

    `names`: of the topics `roster` and `account`.
    """

    publish: Publish
    names: Mapping[str, str]

    async def take(self, events: Sequence[IncomingEvent | Rejection]) -> list[EventOutcome]:
        """Puts one batch onto the topics; each event has its outcome, in order, and a rejected one stops none.

        Raises TopicsUnavailable with nobody knowing how many are there (retriable; the same batch again is harmless).
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
