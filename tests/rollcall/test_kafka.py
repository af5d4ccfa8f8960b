"""How settings become options of a Kafka client."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from adapters.kafka.topics import make_topics
from rollcall.kafka import kafka_connection, topics_of
from rollcall.settings import Settings, SettingsError
from tests.servers.kafka import Kafka
from tests.servers.topics import config_of


def settings(**kafka: Any) -> Settings:
    return Settings(**{"kafka_bootstrap_servers": "a:9092"} | {f"kafka_{name}": of for name, of in kafka.items()})


def test_several_servers_are_named_with_commas_between() -> None:
    assert kafka_connection(settings(bootstrap_servers="a:9092, b:9093")) == {
        "bootstrap_servers": ["a:9092", "b:9093"],
        "security_protocol": "PLAINTEXT",
        "ssl_context": None,
    }


def test_sasl_over_ssl_has_a_name_a_password_and_whom_to_trust() -> None:
    options = kafka_connection(
        settings(
            security_protocol="SASL_SSL", sasl_mechanism="SCRAM-SHA-512", sasl_username="rollcall", sasl_password="s"
        )
    )
    assert isinstance(options.pop("ssl_context"), ssl.SSLContext)
    assert options == {
        "bootstrap_servers": ["a:9092"],
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "rollcall",
        "sasl_plain_password": "s",
    }


def test_ssl_alone_tells_no_name() -> None:
    assert "sasl_mechanism" not in kafka_connection(settings(security_protocol="SSL"))


@pytest.mark.parametrize(
    ("kafka", "named"),
    [
        ({"bootstrap_servers": "a:9092,"}, "kafka_bootstrap_servers"),
        ({"bootstrap_servers": None}, "kafka_bootstrap_servers"),
        ({"security_protocol": "SASL_PLAINTEXT"}, "kafka_sasl_username"),
        ({"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "GSSAPI"}, "kafka_sasl_mechanism"),
        ({"security_protocol": "SSL", "ca_file": Path("/nowhere.pem")}, "kafka_ca_file"),
    ],
)
def test_what_cannot_be_used_is_named(kafka: dict[str, Any], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        kafka_connection(settings(**kafka))


@pytest.mark.parametrize(("replication", "in_sync"), [(1, "1"), (2, "1"), (3, "2"), (5, "2")])
def test_of_three_replicas_two_have_to_have_a_record(replication: int, in_sync: str) -> None:
    made = topics_of(settings(replication=replication))
    assert {topic.config["min.insync.replicas"] for topic in made} == {in_sync}


async def test_topics_are_made_with_the_time_of_their_broker(kafka: Kafka) -> None:
    ours = settings(bootstrap_servers=kafka.bootstrap_servers, topic_roster="made.roster", retention_days=7)
    made = await make_topics(kafka_connection(ours), topics_of(ours)[:1])
    assert made == ["made.roster"]
    config = await config_of(kafka.bootstrap_servers, "made.roster")
    asked = {"cleanup.policy": "delete", "retention.ms": "604800000", "message.timestamp.type": "LogAppendTime"}
    assert {name: config[name] for name in asked} == asked
