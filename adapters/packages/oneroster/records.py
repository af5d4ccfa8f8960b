"""Rows of OneRoster by their sourcedId: later duplicates win, what is removed is remembered as gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from adapters.packages.files.days import BEGINNING, instant_of
from adapters.packages.files.ids import id_of, is_id
from adapters.packages.files.rows import Row
from adapters.packages.files.values import word_of
from adapters.packages.spill.mappings import ABSENT, Spill, SpillMap

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

STATUSES = ("active", "tobedeleted", "inactive")


class Parse(Protocol[T_co]):
    """Makes something of a row, gone or not; None of a row that counts for nothing."""

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
