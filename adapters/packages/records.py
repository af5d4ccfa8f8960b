"""Rows that carry an id: later duplicates win, what is removed is remembered as gone, ids get their namespace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from typing import Protocol, TypeVar

from adapters.packages.reader import Row
from adapters.packages.values import BEGINNING, instant_of, word_of

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

LONGEST_ID = 128  # characters, of the event contract
LONGEST_NAME = 200
STATUSES = ("active", "tobedeleted", "inactive")


@dataclass(frozen=True, slots=True)
class Ids:
    """Turns a package's ids into the event contract's."""

    namespace: str | None

    def __call__(self, raw: str) -> str:
        return intern(f"{self.namespace}:{raw}" if self.namespace else raw)

    def takes(self, raw: str) -> bool:
        return bool(raw) and len(self(raw)) <= LONGEST_ID and "\0" not in raw


class Parse(Protocol[T_co]):
    def __call__(self, row: Row, /, *, gone: bool) -> T_co | None: ...


def records(rows: Iterable[Row], ids: Ids, parsed: Parse[T]) -> dict[str, T | None]:
    """The rows by sourcedId as `parsed` makes them; None are rows that are there and count for nothing.

    An id that many rows name is kept once (interned): packages are mostly ids. Of rows that carry no day of their last
    change, equal ones are one.
    """
    found: dict[str, T | None] = {}
    modified: dict[str, datetime] = {}
    for row in rows:
        raw = row["sourcedId"]
        if not ids.takes(raw):
            row.warn("bad_id", "an id of 1 to 128 characters", "sourcedId")
            if raw:
                found.setdefault(raw)
            continue
        at = instant_of(row, "dateLastModified")
        if raw in found and at < modified.get(raw, BEGINNING):
            row.warn("duplicate_id", "an id of its own", "sourcedId")
            continue
        is_first, before = raw not in found, found.get(raw)
        found[intern(raw)] = parsed(row, gone=is_gone(row))
        if not is_first and ("dateLastModified" in row.table.layout.used or found[raw] != before):
            row.warn("duplicate_id", "an id of its own", "sourcedId")
        if at != modified.get(raw, BEGINNING):
            modified[raw] = at
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


def refers(row: Row, column: str, known: Mapping[str, object]) -> bool:
    """Whether a reference leads to a row that counts; to one that is gone it quietly does not."""
    if row[column] not in known:
        row.warn("dangling_reference", "an id that the package has", column)
        return False
    return known[row[column]] is not None
