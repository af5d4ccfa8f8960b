"""How settings become options of a Kafka client."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from rollcall.kafka import kafka_connection
from rollcall.settings import Settings, SettingsError


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
