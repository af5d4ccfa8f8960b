"""The AsyncAPI document names every type once, on its topic, with its published schema."""

from __future__ import annotations

from pathlib import Path

from schemas.asyncapi import asyncapi, export_asyncapi
from schemas.export import PUBLISHED, event_models


def test_the_document_is_what_is_published(tmp_path: Path) -> None:
    published = PUBLISHED / "asyncapi" / "asyncapi.json"
    assert export_asyncapi(tmp_path).read_text(encoding="utf-8") == published.read_text(encoding="utf-8")


def test_every_type_is_on_one_channel_and_its_schema_is_there() -> None:
    document = asyncapi()
    on_channels = [name for channel in document["channels"].values() for name in channel["messages"]]
    assert sorted(on_channels) == sorted(event_models())
    for message in document["components"]["messages"].values():
        assert (PUBLISHED / "asyncapi" / message["payload"]["schema"]["$ref"]).exists()
