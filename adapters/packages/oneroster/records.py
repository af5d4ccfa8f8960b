"""Rows of OneRoster by their sourcedId: later duplicates win, what is removed is remembered as gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from adapters.packages.files.days import BEGINNING, instant_of
from adapters.packages.files.ids import own_id
from adapters.packages.files.rows import Row
from adapters.packages.files.values import word_of
from adapters.packages.spill.mappings import ABSENT, Spill, SpillMap

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

STATUSES = ("active", "tobedeleted", "inactive")


class Parse(Protocol[T_co]):
    """Makes something of a row, gone or not; None of a row that counts for nothing."""

    def __call__(self, row: Row, /, *, gone: bool) -> T_co | None: ...


def records(
    rows: Iterable[Row], spill: Spill, parsed: Parse[T], clash: Callable[[T, Row], str | None] = lambda _, __: None
) -> SpillMap[str, T | None]:
    """The rows by sourcedId as `parsed` makes them; None are rows that are there and count for nothing.

    Of rows that carry no day of their last change, equal ones are one. Rows of one id that `clash` (it names the kind)
    are of nobody: none of them is understood.
    """
    found: SpillMap[str, T | None] = spill.mapping()
    modified: SpillMap[str, datetime] = spill.mapping()
    clashed: SpillMap[str, str] = spill.mapping()
    for row in rows:
        with row:
            key, at = own_id(row, "sourcedId"), instant_of(row, "dateLastModified")
            before = found.get(key, ABSENT)
            kind = clashed.get(key) or (clash(before, row) if before not in {ABSENT, None} else None)
            if kind is not None:
                clashed[key] = kind
                found.pop(key, None)
                raise row.not_understood(kind, "an id of its own", "sourcedId")
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
    """Whether a row is removed. A bulk should have no status at all, a delta always one (counted).

    Raises:
        NotUnderstoodError: a word that is no status.
    """
    if not row["status"]:
        if row.table.delta:
            row.warn("status_missing", "a status in a delta file", "status")
        return False
    if not row.table.delta:
        row.warn("status_in_bulk", "no status in a bulk file", "status")
    status = word_of(row, "status", STATUSES)
    if status not in STATUSES:
        raise row.not_understood("unknown_value", "the word active or tobedeleted", "status")
    return status in {"tobedeleted", "inactive"}
