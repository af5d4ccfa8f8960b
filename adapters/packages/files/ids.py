"""Ids in a row as the event contract has them, and what a reference by id leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from adapters.packages.files.rows import Row
from adapters.packages.files.values import list_of
from adapters.packages.spill.mappings import ABSENT

T = TypeVar("T")

LONGEST_ID = 128  # characters, of the event contract


def id_of(row: Row, column: str) -> str:
    """The id in a column as the event contract has it, in its namespace; blank where blank."""
    return _named(row, row[column])


def ids_of(row: Row, column: str) -> tuple[str, ...]:
    """The ids of a list in a column, in their order, each in its namespace."""
    return tuple(_named(row, raw) for raw in list_of(row[column]))


def is_id(id_: str) -> bool:
    """Whether the event contract takes an id: it is not blank, and not too long."""
    return 0 < len(id_) <= LONGEST_ID


def referred(row: Row, column: str, known: Mapping[str, T | None]) -> T | None:
    """What a reference leads to: None for a row that is gone, and for none at all (counted)."""
    found: T | None = known.get(id_of(row, column), ABSENT)
    if found is ABSENT:
        row.warn("dangling_reference", "an id that the package has", column)
        return None
    return found


def _named(row: Row, raw: str) -> str:
    return f"{row.table.namespace}:{raw}" if raw and row.table.namespace else raw
