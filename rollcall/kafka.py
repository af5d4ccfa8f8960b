"""Access to Kafka and its topics, shared by everything that reads, writes and creates them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from adapters.kafka.ends import Ends
from adapters.kafka.producer import Producer, Record
from adapters.kafka.topics import Topic, make_topics
from events.onto_topics import OntoTopics
from rollcall.settings import Settings, SettingsError
from rollcall.trust import trusting
from schemas.messages import Message

DAY_MS = 24 * 60 * 60 * 1000

LARGEST_DEAD_LETTER = 2 * 1024 * 1024
"""Bytes: a record of the broker's usual limit, and why it was not taken."""

MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")


def kafka_connection(settings: Settings) -> dict[str, Any]:
    """The options of an aiokafka client that tell where Kafka is and who we are.

    Raises:
        SettingsError: no server is named, or what is said of SASL or of the CA file cannot be used.
    """
    servers = [server.strip() for server in (settings.kafka_bootstrap_servers or "").split(",")]
    if not all(servers):
        raise SettingsError("kafka_bootstrap_servers: should be host:port, or several with commas between")
    protocol = settings.kafka_security_protocol
    return {
        "bootstrap_servers": servers,
        "security_protocol": protocol,
        "ssl_context": trusting("kafka_ca_file", settings.kafka_ca_file) if protocol.endswith("SSL") else None,
        **(_sasl(settings) if protocol.startswith("SASL") else {}),
    }


def _sasl(settings: Settings) -> dict[str, str]:
    mechanism = settings.kafka_sasl_mechanism or MECHANISMS[0]
    if mechanism not in MECHANISMS:
        raise SettingsError(f"kafka_sasl_mechanism: should be one of {', '.join(MECHANISMS)}")
    if settings.kafka_sasl_username is None or settings.kafka_sasl_password is None:
        raise SettingsError("kafka_sasl_username and kafka_sasl_password: both are needed")
    return {
        "sasl_mechanism": mechanism,
        "sasl_plain_username": settings.kafka_sasl_username,
        "sasl_plain_password": settings.kafka_sasl_password.get_secret_value(),
    }


def topics_of(settings: Settings) -> list[Topic]:
    """The topics of the contract, as they are made where they are missing."""
    kept = {
        "cleanup.policy": "delete",
        "retention.ms": str(settings.kafka_retention_days * DAY_MS),
        "message.timestamp.type": "LogAppendTime",  # the broker's timestamps, for a producer's clock may be wrong
        "min.insync.replicas": "2" if settings.kafka_replication >= 3 else "1",
    }
    large = {"max.message.bytes": str(LARGEST_DEAD_LETTER)}
    configs = {
        settings.kafka_topic_roster: kept,
        settings.kafka_topic_accounts: kept,
        settings.kafka_topic_changes: kept,
        settings.kafka_topic_dead_letters: kept | large,
    }
    count, replicas = settings.kafka_partitions, settings.kafka_replication
    return [Topic(name, count, replicas, config) for name, config in configs.items()]


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of this process: to write to, and how far they go."""

    producer: Producer
    ends: Ends
    onto: OntoTopics


@asynccontextmanager
async def open_topics(settings: Settings) -> AsyncIterator[Topics | None]:
    """The topics, or None without a Kafka. Connects when they are first needed."""
    if settings.kafka_bootstrap_servers is None:
        yield None
        return
    connection = kafka_connection(settings)

    async def prepare() -> None:
        await make_topics(connection, topics_of(settings))

    async def publish(messages: Sequence[tuple[str, Message]]) -> None:
        await producer.send([Record(topic, message) for topic, message in messages])

    names = {"roster": settings.kafka_topic_roster, "account": settings.kafka_topic_accounts}
    producer, ends = Producer(connection, prepare), Ends(connection, tuple(names.values()))
    try:
        yield Topics(producer, ends, OntoTopics(publish, names))
    finally:
        await producer.close()
        await ends.close()
