"""Events onto the topics, where there is a Kafka: whoever reads them there works out the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.kafka.ends import Ends
from adapters.kafka.producer import Producer, Record
from adapters.kafka.topics import make_topics
from events.intake import REJECTED, Taken
from rollcall.kafka import kafka_connection, topics_of
from rollcall.settings import Settings
from schemas.catalogue import IncomingEvent, key_of, topic_of
from schemas.messages import message_of
from schemas.rejections import Rejection

QUEUED = "queued"


@dataclass(frozen=True, slots=True)
class OntoTopics:
    """Puts batches onto the topics: all events of a school, and all of a person's account, in their order."""

    settings: Settings
    producer: Producer
    ends: Ends

    async def take(self, events: Sequence[IncomingEvent | Rejection]) -> list[Taken]:
        """Puts one batch onto the topics; each event has its outcome, in order, and a rejected one stops none.

        Raises TopicsUnavailable with nobody knowing how many are there (retriable; the same batch again is harmless).
        """
        await self.producer.send([self._record(event) for event in events if not isinstance(event, Rejection)])
        return [
            Taken(event.source, event.id, REJECTED, event)
            if isinstance(event, Rejection)
            else Taken(event.source, event.id, QUEUED)
            for event in events
        ]

    def _record(self, event: IncomingEvent) -> Record:
        topics = {"roster": self.settings.kafka_topic_roster, "account": self.settings.kafka_topic_accounts}
        return Record(topics[topic_of(event)], message_of(event, key_of(event)))


@asynccontextmanager
async def open_topics(settings: Settings) -> AsyncIterator[OntoTopics | None]:
    """The topics, or None without a Kafka. Connects when they are first needed."""
    if settings.kafka_bootstrap_servers is None:
        yield None
        return
    connection = kafka_connection(settings)

    async def prepare() -> None:
        await make_topics(connection, topics_of(settings))

    read = (settings.kafka_topic_roster, settings.kafka_topic_accounts)
    producer, ends = Producer(connection, prepare), Ends(connection, read)
    try:
        yield OntoTopics(settings, producer, ends)
    finally:
        await producer.close()
        await ends.close()
