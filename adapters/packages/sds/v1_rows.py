"""What every row of a School Data Sync v1 package has: an id and a status."""

from __future__ import annotations

from adapters.packages.files.ids import id_of, is_id
from adapters.packages.files.rows import Row
from adapters.packages.files.values import word_of

ACTIVE = "Active"


def has_id(row: Row) -> bool:
    """Whether a row's id is one (counted where it is none)."""
    if is_id(id_of(row, "SIS ID")):
        return True
    row.warn("bad_id", "an id of 1 to 128 characters", "SIS ID")
    return False


def is_gone(row: Row) -> bool:
    """Whether a row is removed: its status is none but Active; blank is active."""
    return bool(row["Status"]) and word_of(row, "Status", (ACTIVE,)) != ACTIVE
