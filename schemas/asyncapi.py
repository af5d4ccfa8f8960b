"""The AsyncAPI document: which topics there are, what is sent on each, and by whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from schemas.catalogue import CATALOGUE
from schemas.changes import CHANGES
from schemas.export import PUBLISHED
from schemas.rejections import Reason

STRUCTURED = "application/cloudevents+json"
DEAD_LETTER = "dead_letter"
SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"

SERVER = {
    "host": "{bootstrap}",
    "protocol": "kafka",
    "variables": {"bootstrap": {"default": "localhost:9092", "description": "KAFKA_BOOTSTRAP_SERVERS"}},
}

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
            "contact": {"name": "Who operates this Kafka"},
            "license": {"name": "All rights reserved"},
            "tags": [{"name": "roster"}, {"name": "membership"}],
        },
        "servers": {"kafka": SERVER},
        "defaultContentType": STRUCTURED,
        "channels": {name: _channel(name, types[name]) for name in CHANNELS} | {"dead_letters": _dead_letters()},
        "operations": {name: _operation(name) for name in (*CHANNELS, "dead_letters")},
        "components": {"messages": {type_: _message(type_) for of in types.values() for type_ in of} | _dead_letter()},
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
    action = "send" if name in {"changes", "dead_letters"} else "receive"
    description = f"What Rollcall {'sends' if action == 'send' else 'takes'} here."
    return {"action": action, "description": description, "channel": {"$ref": f"#/channels/{name}"}}


def _dead_letters() -> dict[str, Any]:
    return {
        "address": "rollcall.dead-letters",
        "description": "Records of the other topics that could not be taken; at least once. Key, value and headers are"
        " the record's own. One that is longer than the topic takes is cut, and says so in its headers.",
        "messages": {DEAD_LETTER: {"$ref": f"#/components/messages/{DEAD_LETTER}"}},
    }


def _dead_letter() -> dict[str, Any]:
    told = {
        "reason": {"type": "string", "enum": list(get_args(Reason))},
        "errors": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "What is wrong, and where from the event's root: [{pointer, detail}].",
        },
        "topic": {"type": "string"},
        "partition": {"type": "string", "pattern": "^[0-9]+$"},
        "offset": {"type": "string", "pattern": "^[0-9]+$"},
    }
    cut = {
        "size": {"type": "string", "pattern": "^[0-9]+$", "description": "Of what was cut: bytes of the whole value."},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "The same: the whole value's."},
    }
    headers = {
        "type": "object",
        "properties": {f"rollcall-{name}": schema for name, schema in (told | cut).items()},
        "required": [f"rollcall-{name}" for name in told],
    }
    return {
        DEAD_LETTER: {
            "name": DEAD_LETTER,
            "contentType": "application/octet-stream",
            "headers": headers,
            "payload": {"schemaFormat": SCHEMA_FORMAT, "schema": {"description": "The record's value, as it came."}},
        }
    }


def _message(type_: str) -> dict[str, Any]:
    schema = {"schemaFormat": SCHEMA_FORMAT, "schema": {"$ref": f"../{type_}.json"}}
    return {"name": type_, "contentType": STRUCTURED, "payload": schema}


def export_asyncapi(directory: Path = PUBLISHED) -> Path:
    """Writes `asyncapi/asyncapi.json` under the directory that the JSON Schemas are in."""
    file = directory / "asyncapi" / "asyncapi.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asyncapi(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return file
