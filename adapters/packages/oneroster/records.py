"""Rows that carry an id: later duplicates win, what is removed is remembered as gone, references are looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from adapters.packages.files.rows import Row
from adapters.packages.files.values import BEGINNING, instant_of, list_of, word_of
from adapters.packages.spill.mappings import ABSENT, Spill, SpillMap

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

LONGEST_ID = 128  # characters, of the event contract
LONGEST_NAME = 200
STATUSES = ("active", "tobedeleted", "inactive")


def id_of(row: Row, column: str) -> str:
    """The id in a column as the event contract has it, in its namespace; blank where blank."""
    return _named(row, row[column])


def ids_of(row: Row, column: str) -> tuple[str, ...]:
    return tuple(_named(row, raw) for raw in list_of(row[column]))


def _named(row: Row, raw: str) -> str:
    return f"{row.table.namespace}:{raw}" if raw and row.table.namespace else raw


def is_id(id_: str) -> bool:
    return 0 < len(id_) <= LONGEST_ID


class Parse(Protocol[T_co]):
    def __call__(self, row: Row, /, *, gone: bool) -> T_co | None: ...


def records(rows: Iterable[Row], spill: Spill, parsed: Parse[T]) -> SpillMap[str, T | None]:
    """The rows by sourcedId as `parsed` makes them; None are rows that are there and count for nothing.

    Of rows that carry no day of their last change, equal ones are one.
    """
    found: SpillMap[str, T | None] = spill.mapping()
    modified: SpillMap[str, datetime] = spill.mapping()
    for row in rows:
        key = id_of(row, "sourcedId")
        if not is_id(key):
            row.warn("bad_id", "an id of 1 to 128 characters", "sourcedId")
            if key:
                found.setdefault(key, None)
            continue
        before, at = found.get(key, ABSENT), instant_of(row, "dateLastModified")
        if before is not ABSENT and at < modified.get(key, BEGINNING):
            row.warn("duplicate_id", "an id of its own", "sourcedId")
            continue
        found[key] = now = parsed(row, gone=is_gone(row))
        if before is not ABSENT and ("dateLastModified" in row.table.layout.used or now != before):
            row.warn("duplicate_id", "an id of its own", "sourcedId")
        if at != BEGINNING or before is not ABSENT:
            modified[key] = at
    return found


def is_gone(row: Row) -> bool:
    """Whether a row is removed. A bulk should have no status at all, a delta always one (counted)."""
    if not row["status"]:
        if row.table.delta:
            row.warn("status_missing", "a status in a delta file", "status")
        return False
    if not row.table.delta:
        row.warn("status_in_bulk", "no status in a bulk file", "status")
    status = word_of(row, "status", STATUSES)
    if status not in STATUSES:
        row.warn("unknown_value", "active or tobedeleted", "status")
    return status in {"tobedeleted", "inactive"}


def name_of(row: Row, column: str) -> str:
    """A name or title as the event contract takes it: no more than 200 characters, the rest is cut (counted)."""
    name = row[column]
    if len(name) > LONGEST_NAME:
        row.warn("value_length", "200 characters at most", column)
    return name[:LONGEST_NAME].rstrip()


def referred(row: Row, column: str, known: Mapping[str, T | None]) -> T | None:
    """What a reference leads to: None for a row that is gone, and for none at all (counted)."""
    found: T | None = known.get(id_of(row, column), ABSENT)
    if found is ABSENT:
        row.warn("dangling_reference", "an id that the package has", column)
        return None
    return found
