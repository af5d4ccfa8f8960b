"""The AsyncAPI document: which topics there are, what is sent on each, and by whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from schemas.catalogue import CATALOGUE
from schemas.changes import CHANGES
from schemas.export import PUBLISHED

STRUCTURED = "application/cloudevents+json"
SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"

CHANNELS = {
    "roster": ("roster.events", "organisation_id", "What happens in schools. A school's events are in one partition."),
    "account": ("account.events", "person_id", "Whose account on a chat platform is whose."),
    "changes": ("membership.changes", "organisation_id", "Each change applied on a platform; at least once."),
}


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0, read 2026-11-22); payloads are the
    published JSON Schemas beside it, and topics' names their defaults.
    """
    types = _types_by_channel()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Rollcall",
            "version": "1",
            "description": "Keeps the membership of a school's Sferum chats in step with the school's roster.",
        },
        "defaultContentType": STRUCTURED,
        "channels": {name: _channel(name, types[name]) for name in CHANNELS},
        "operations": {name: _operation(name) for name in CHANNELS},
        "components": {"messages": {type_: _message(type_) for of in types.values() for type_ in of}},
    }


def _types_by_channel() -> Mapping[str, list[str]]:
    types: dict[str, list[str]] = {name: [] for name in CHANNELS}
    for type_, entry in CATALOGUE.items():
        types[entry.topic].append(type_)
    types["changes"] = [model.type_name() for model in CHANGES]
    return types


def _channel(name: str, types: Iterable[str]) -> dict[str, Any]:
    address, key, description = CHANNELS[name]
    return {
        "address": address,
        "description": f"{description} The record's key is `{key}`.",
        "messages": {type_: {"$ref": f"#/components/messages/{type_}"} for type_ in types},
    }


def _operation(name: str) -> dict[str, Any]:
    return {"action": "send" if name == "changes" else "receive", "channel": {"$ref": f"#/channels/{name}"}}


def _message(type_: str) -> dict[str, Any]:
    schema = {"schemaFormat": SCHEMA_FORMAT, "schema": {"$ref": f"../{type_}.json"}}
    return {"name": type_, "contentType": STRUCTURED, "payload": schema}


def export_asyncapi(directory: Path = PUBLISHED) -> Path:
    """Writes `asyncapi/asyncapi.json` under the directory that the JSON Schemas are in."""
    file = directory / "asyncapi" / "asyncapi.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asyncapi(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return file
