"""Assertions of facts and their rows: one form for all fact types, made from the types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.database.schema import FACTS
from sync.facts import Assertion, FactType
from sync.versions import Version

STAMP = ("source", "effective_on", "sequence", "time", "event_id", "event_no")


def columns_of(kind: FactType) -> tuple[str, ...]:
    """The columns of a kind's table, in the order of an assertion's row."""
    return tuple(column.name for column in FACTS[kind].columns)


def assertion_of(kind: FactType, row: Sequence[Any]) -> Assertion:
    keys = len(kind.key)
    source, effective_on, sequence, time, event_id, event_no = row[keys : keys + len(STAMP)]
    value = kind.value(*row[keys + len(STAMP) :])
    return Assertion(kind, tuple(row[:keys]), value, effective_on, Version(source, sequence, time, event_id), event_no)


def row_of(assertion: Assertion) -> tuple[Any, ...]:
    version = assertion.version
    stamp = (
        version.source,
        assertion.effective_on,
        version.sequence,
        version.time,
        version.event_id,
        assertion.event_no,
    )
    return (*assertion.key, *stamp, *assertion.value)
