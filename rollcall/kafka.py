"""How this process reaches Kafka, and the topics there: the same for whatever reads, writes and makes them."""

from __future__ import annotations

import ssl
from typing import Any

from adapters.kafka.topics import Topic
from rollcall.settings import Settings, SettingsError

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
        "ssl_context": _trust(settings) if protocol.endswith("SSL") else None,
        **(_sasl(settings) if protocol.startswith("SASL") else {}),
    }


def _trust(settings: Settings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.kafka_ca_file)
    except OSError as error:  # no such file, or none with certificates
        raise SettingsError(f"kafka_ca_file: {settings.kafka_ca_file} holds no certificates: {error}") from error


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
    kept = {"cleanup.policy": "delete", "retention.ms": str(settings.kafka_retention_days * DAY_MS)}
    large = {"max.message.bytes": str(LARGEST_DEAD_LETTER)}
    configs = {
        settings.kafka_topic_roster: kept,
        settings.kafka_topic_accounts: kept,
        settings.kafka_topic_changes: kept,
        settings.kafka_topic_dead_letters: kept | large,
    }
    count, replicas = settings.kafka_partitions, settings.kafka_replication
    return [Topic(name, count, replicas, config) for name, config in configs.items()]
