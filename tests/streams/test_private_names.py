"""The host stands on names that Faust and aiokafka do not promise: where a version lacks one, it is named here."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from faust import App
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport

from events import consumer

# What is overridden or used of each, private or not: an override that nobody calls any more would be silent.
NAMES: Mapping[type, AbstractSet[str]] = {
    App: {"_new_transport", "_crashed", "_stopped", "crash_reason", "topics", "topic", "should_stop"},
    Transport: {"Consumer"},
    Consumer: {
        "_drain_messages",
        "_getmany",
        "_commit",
        "_new_consumer_thread",
        "perform_seek",
        "on_partitions_assigned",
        "on_partitions_revoked",
        "force_commit",
        "commit",
        "seek_to_committed",
        "seek_wait",
        "earliest_offsets",
        "highwaters",
    },
    AIOKafkaConsumerThread: {"_create_worker_consumer"},
    AIOKafkaConsumer: {"_isolation_level", "_fetch_max_wait_ms"},
}
OURS = {
    "_share",
    "_given",
    "_behind",
    "_told",
    "_take_share",
    "_lasts",
    "_begin",
    "_hand_on",
    "_passed",
    "_take_lane",
    "_take_lanes",
    "_is_away",
}
OF = {"faust": "faust-streaming", "aiokafka": "aiokafka"}


@pytest.mark.parametrize(("of", "name"), [(of, name) for of, names in NAMES.items() for name in sorted(names)])
async def test_this_version_has_the_name(of: type, name: str) -> None:
    package = OF[of.__module__.partition(".")[0]]
    made = await _made(of)
    assert hasattr(made, name), f"{package} {version(package)} has no {of.__name__}.{name}"


async def _made(of: type) -> Any:
    """Attributes are there once it is made; what needs a broker for that has methods alone."""
    if of is AIOKafkaConsumer:
        made = AIOKafkaConsumer()
        await made.stop()
        return made
    return App("names", broker="kafka://", store="memory://") if of is App else of


def test_all_private_names_that_are_used_are_among_them() -> None:
    used = {name for name in _names(Path(consumer.__file__)) if name.startswith("_") and not name.startswith("__")}
    assert used == {name for names in NAMES.values() for name in names if name.startswith("_")} | OURS


def test_no_other_file_uses_them() -> None:
    private = {name for names in NAMES.values() for name in names if name.startswith("_")}
    here = Path(consumer.__file__)
    assert [path.name for path in here.parent.glob("*.py") if path != here and private & _names(path)] == []


def _names(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
