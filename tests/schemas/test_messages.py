"""Events as messages of a topic: whoever reads them reads the same events."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from events.decode import decode
from schemas.catalogue import CATALOGUE, EVENTS, key_of
from schemas.envelope import Event
from schemas.export import PUBLISHED
from schemas.messages import LARGEST_EVENT, message_of

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
RECORDED = [
    event
    for name in sorted(CATALOGUE)
    for event in json.loads((PUBLISHED / "examples" / f"{name}.json").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda event: f"{event['type']} {event['id']}")
def test_every_recorded_event_is_read_as_it_was_written(recorded: dict[str, Any]) -> None:
    event = EVENTS.validate_python(recorded)
    message = message_of(event, key_of(event))
    assert message.key == str(recorded["data"][CATALOGUE[event.type].key]).encode()
    assert message.headers == (("content-type", b"application/cloudevents+json"),)
    assert decode(message.value, message.headers, NOW) == event


def test_what_is_too_large_with_its_envelope_goes_without() -> None:
    students = [f"{number:0>125}" for number in range(511)]
    data = {"organisation_id": "s1", "group_id": "g", "student_ids": students}
    envelope = {"specversion": "1.0", "id": "e" * 200, "source": "школа", "time": "2026-09-01T08:00:00.5+03:00"}
    headers = [(f"ce_{name}", value.encode()) for name, value in envelope.items()]
    kind = ("ce_type", b"school.group.students_set.v1")
    event = decode(json.dumps(data, separators=(",", ":")).encode(), [*headers, kind], NOW)
    assert isinstance(event, Event), event
    assert len(event.structured()) > LARGEST_EVENT
    message = message_of(event, "s1")
    assert len(message.value) <= LARGEST_EVENT
    assert decode(message.value, message.headers, NOW) == event
