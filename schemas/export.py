"""Writes the JSON Schema of each event type, for those who publish or read events in other languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from schemas.catalogue import CATALOGUE
from schemas.changes import CHANGES
from schemas.envelope import Event

_OURS = frozenset({"title", "description", "default"})

PUBLISHED = Path(__file__).parent / "published"
"""What was published: files are added here, never changed or taken away; a change is a new version beside the old."""


def event_models() -> dict[str, type[Event]]:
    """Every event type by name, those that come in and those that go out."""
    models = (*(entry.model for entry in CATALOGUE.values()), *CHANGES)
    return {model.type_name(): model for model in models}


def json_schema(model: type[Event]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of an event in structured mode.

    Rules between fields, the list of time zones, the years 1900 to 2999 and format characters above U+10000 are not in
    it: a producer checks them with `rollcall publish --check`. It measures names as they are sent, not yet cleaned.
    """
    name, schema = model.type_name(), model.model_json_schema(mode="validation", ref_template="{model}")
    head = {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"urn:rollcall:event:{name}", "title": name}
    return {**head, **_plain(schema, schema.pop("$defs"))}


def _plain(node: Any, definitions: dict[str, Any]) -> Any:
    """The schema in one piece, without the names and words of our classes: those may change, a published file not."""
    if isinstance(node, list):
        return [_plain(part, definitions) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _plain(definitions[node["$ref"]], definitions)
    return {key: _part(key, part, definitions) for key, part in node.items() if key not in _OURS}


def _part(key: str, part: Any, definitions: dict[str, Any]) -> Any:
    if key == "properties":
        return {name: _plain(field, definitions) for name, field in part.items()}
    return _plain(part, definitions)


def export_schemas(directory: Path) -> list[Path]:
    """Writes one file a type, `{type}.json`; gives the files in the order of their names."""
    directory.mkdir(parents=True, exist_ok=True)
    files = {directory / f"{name}.json": json_schema(model) for name, model in event_models().items()}
    for file, schema in files.items():
        file.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return sorted(files)


def export_examples(directory: Path) -> Path:
    """Writes recorded events of every type that comes in, a line each, as `rollcall publish` takes them."""
    file = directory / "examples" / "events.jsonl"
    recorded = [PUBLISHED / "examples" / f"{name}.json" for name in sorted(CATALOGUE)]
    events = [event for each in recorded for event in json.loads(each.read_text(encoding="utf-8"))]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events), encoding="utf-8")
    return file
