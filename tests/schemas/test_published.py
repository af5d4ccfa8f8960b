"""What was published stays: the schemas that others code against, and events as they were recorded."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from events.decode import decode
from schemas.catalogue import CATALOGUE
from schemas.export import PUBLISHED, event_models, export_examples, export_schemas
from schemas.rejections import Rejection

RECEIVED_AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
TYPES = sorted(event_models())
DIGESTS = dict(line.split()[::-1] for line in (Path(__file__).parent / "published.sha256").read_text().splitlines())


def examples(name: str) -> list[dict[str, Any]]:
    found = json.loads((PUBLISHED / "examples" / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(found, list)
    return found


def schema(name: str) -> dict[str, Any]:
    return dict(json.loads((PUBLISHED / f"{name}.json").read_text(encoding="utf-8")))


def test_the_export_is_what_is_published(tmp_path: Path) -> None:
    exported = {file.name: file.read_text(encoding="utf-8") for file in export_schemas(tmp_path / "schemas")}
    assert exported == {file.name: file.read_text(encoding="utf-8") for file in PUBLISHED.glob("*.json")}


def test_no_published_schema_was_changed_or_taken_away() -> None:
    """To publish a new type, add its line to published.sha256; no line of it ever changes."""
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in PUBLISHED.glob("*.json")} == DIGESTS


def test_every_type_of_the_contract_is_published() -> None:
    assert len(CATALOGUE) == 30
    assert len(TYPES) == 34


@pytest.mark.parametrize("name", TYPES)
def test_recorded_events_fit_their_published_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert len(examples(name)) >= 2
    for example in examples(name):
        Draft202012Validator(schema(name)).validate(example)


@pytest.mark.parametrize("name", TYPES)
def test_a_published_schema_asks_for_what_the_model_asks(name: str) -> None:
    example = examples(name)[0]
    without = [{key: value for key, value in example.items() if key != field} for field in example]
    without += [
        {**example, "data": {key: value for key, value in example["data"].items() if key != field}}
        for field in example["data"]
    ]
    assert not any(Draft202012Validator(schema(name)).is_valid(event) for event in without)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_recorded_events_are_read_by_this_build(name: str) -> None:
    for example in examples(name):
        event = decode(json.dumps(example).encode(), (), RECEIVED_AT)
        assert not isinstance(event, Rejection)
        assert isinstance(event, CATALOGUE[name].model)
        assert (event.id, event.source, event.type) == (example["id"], example["source"], name)
        again = decode(event.structured(), (), RECEIVED_AT)
        assert again == event
        assert not isinstance(again, Rejection)
        assert again.structured() == event.structured()
        Draft202012Validator(schema(name)).validate(json.loads(event.structured()))


@pytest.mark.parametrize("name", sorted(set(TYPES) - set(CATALOGUE)))
def test_recorded_changes_are_read_by_this_build(name: str) -> None:
    for example in examples(name):
        event = event_models()[name].model_validate_json(json.dumps(example))
        assert event_models()[name].model_validate_json(event.structured()) == event


def test_the_examples_are_published_as_lines_too(tmp_path: Path) -> None:
    lines = export_examples(tmp_path).read_text(encoding="utf-8")
    assert lines == (PUBLISHED / "examples" / "events.jsonl").read_text(encoding="utf-8")
    told = [json.loads(line) for line in lines.splitlines()]
    assert told == [example for name in sorted(CATALOGUE) for example in examples(name)]
