"""`rollcall publish` and `rollcall import` where there is a Kafka: events go onto its topics."""

from __future__ import annotations

import asyncio
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.packages.written import school
from tests.rollcall.conftest import CommandLine
from tests.servers.kafka import Kafka
from tests.servers.topics import make_topics, records_of

_numbers = itertools.count(1)


@pytest.fixture
def topics(kafka: Kafka, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    number = next(_numbers)
    names = {name: f"published-{name}-{number}" for name in ("roster", "accounts")}
    asyncio.run(make_topics(kafka.bootstrap_servers, names.values()))
    monkeypatch.setenv("ROLLCALL_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap_servers)
    for name, topic in names.items():
        monkeypatch.setenv(f"ROLLCALL_KAFKA_TOPIC_{name.upper()}", topic)
    return names


def queued(kafka: Kafka, topic: str) -> list[dict[str, Any]]:
    return [json.loads(each.value) for each in asyncio.run(records_of(kafka.bootstrap_servers, topic))]


def closed(number: int, organisation: str) -> dict[str, Any]:
    data = {"organisation_id": organisation, "class_id": str(number)}
    head = {"specversion": "1.0", "id": str(number), "source": "sis", "time": "2026-11-01T10:00:00Z"}
    return {**head, "type": "school.class.closed.v1", "data": data}


def test_lines_of_a_file_are_queued_in_order_and_wrong_ones_named(
    rollcall: CommandLine, kafka: Kafka, topics: dict[str, str], tmp_path: Path
) -> None:
    events = [closed(number, f"s{number % 2}") for number in range(2500)]
    lines = [json.dumps(event) for event in events] + ["{", json.dumps({**events[0], "type": "school.unknown.v1"})]
    (tmp_path / "events.jsonl").write_text("\n".join(lines))
    ended = rollcall("publish", "events.jsonl", "--json")
    assert (ended.code, ended.json["outcomes"]) == (1, {"queued": 2500, "rejected": 2})
    assert [(wrong["line"], wrong["reason"]) for wrong in ended.json["wrong"]] == [
        (2501, "not_json"),
        (2502, "unknown_type"),
    ]
    found = queued(kafka, topics["roster"])
    for organisation in ("s0", "s1"):
        own = [event["id"] for event in found if event["data"]["organisation_id"] == organisation]
        assert own == [event["id"] for event in events if event["data"]["organisation_id"] == organisation]


def test_checking_needs_no_broker(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROLLCALL_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    (tmp_path / "events.jsonl").write_text(json.dumps(closed(1, "s")))
    assert rollcall("publish", "events.jsonl", "--check", "--json").json["outcomes"] == {"valid": 1}


def test_a_package_is_imported_onto_the_topics(
    rollcall: CommandLine, kafka: Kafka, topics: dict[str, str], tmp_path: Path
) -> None:
    package = str(school().zipped(tmp_path / "bulk.zip"))
    planned = rollcall("import", package, "--plan", "--json", "--at", "2026-11-01T00:00:00Z").json["events"]
    ended = rollcall("import", package, "--json", "--at", "2026-11-01T00:00:00Z")
    assert (ended.code, ended.json["outcomes"]) == (0, {"queued": len(planned)})
    assert [event["id"] for event in queued(kafka, topics["roster"])] == [event["id"] for event in planned]
