"""The AsyncAPI document names every type once, on its topic, with its published schema."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from events.cutting import cut
from events.telling import dead_letter_message
from schemas.asyncapi import asyncapi, export_asyncapi
from schemas.export import PUBLISHED, event_models
from sync.streams import DeadLetter, Partition
from tests.road import START


def test_the_document_is_what_is_published(tmp_path: Path) -> None:
    published = PUBLISHED / "asyncapi" / "asyncapi.json"
    assert export_asyncapi(tmp_path).read_text(encoding="utf-8") == published.read_text(encoding="utf-8")


def test_every_type_is_on_one_channel_and_its_schema_is_there() -> None:
    document = asyncapi()
    on_channels = [name for channel in document["channels"].values() for name in channel["messages"]]
    assert sorted(on_channels) == sorted([*event_models(), "dead_letter"])
    for name in event_models():
        message = document["components"]["messages"][name]
        assert (PUBLISHED / "asyncapi" / message["payload"]["schema"]["$ref"]).exists()


@pytest.mark.parametrize("swollen", [False, True])
def test_a_dead_letter_has_the_headers_that_its_channel_tells(swollen: bool) -> None:
    wrong = (("/data/name", "Field required"),)
    letter = DeadLetter(Partition("roster.events", 3), 41, b"s1", (), b"{", "invalid", wrong, None, None, START)
    told = dead_letter_message(letter)
    headers = {name: value.decode() for name, value in (cut(told) if swollen else told).headers if value is not None}
    document = asyncapi()
    [name] = document["channels"]["dead_letters"]["messages"]
    schema = document["components"]["messages"][name]["headers"]
    Draft202012Validator(schema | {"additionalProperties": False}).validate(headers)
    assert document["operations"]["dead_letters"]["action"] == "send"
