"""What every row of a School Data Sync v1 package has: a status."""

from __future__ import annotations

from adapters.packages.files.rows import Row
from adapters.packages.files.values import word_of

ACTIVE = "Active"


def is_gone(row: Row) -> bool:
    """Whether a row is removed: its status is none but Active; blank is active.

    Raises:
        NotUnderstoodError: a beginning of that word: it is cut off.
    """
    status = word_of(row, "Status", (ACTIVE,))
    if status in {"", ACTIVE}:
        return False
    if ACTIVE.startswith(status):
        raise row.not_understood("unknown_value", f"the word {ACTIVE}, or another", "Status")
    return True
