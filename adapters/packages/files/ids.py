"""Ids in a row as the event contract has them, and what a reference by id leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from adapters.packages.files.not_understood import is_destroyed
from adapters.packages.files.rows import Row
from adapters.packages.files.values import list_of
from adapters.packages.spill.mappings import ABSENT, Spill, SpillMap
from schemas.characters import is_opaque

T = TypeVar("T")

LONGEST_ID = 128  # characters, of the event contract
SEVERAL = ""


def id_of(row: Row, column: str) -> str:
    """The id in a column as the event contract has it, in its namespace; blank where blank."""
    return row.table.in_namespace(row[column])


def ids_of(row: Row, column: str) -> tuple[str, ...]:
    """The ids of a list in a column, in their order, each in its namespace."""
    return tuple(row.table.in_namespace(raw) for raw in list_of(row[column]))


def own_id(row: Row, column: str) -> str:
    """The id that a row is of.

    Raises:
        NotUnderstoodError: none that the event contract takes, or what a spreadsheet has left of one.
    """
    id_ = id_of(row, column)
    if not is_id(id_):
        raise row.not_understood("bad_id", f"an id of 1 to {LONGEST_ID} characters that can be seen", column)
    check_whole(row, column)
    return id_


def check_whole(row: Row, column: str) -> None:
    """Raises NotUnderstoodError where a spreadsheet has made a number of an id."""
    if is_destroyed(row[column]):
        raise row.not_understood("spreadsheet_id", "an id, not a number that a spreadsheet has rounded", column)


def is_id(id_: str) -> bool:
    """Whether the event contract takes an id: it is not blank, not too long, and all of it can be seen."""
    return 0 < len(id_) <= LONGEST_ID and is_opaque(id_)


class Ids(Generic[T]):
    """What rows are kept by their ids, as references find it: exactly so, else but for the id's case (counted)."""

    def __init__(self, rows: Mapping[str, T | None], spill: Spill) -> None:
        self._rows = rows
        self._spill = spill
        self._folded: SpillMap[str, str] | None = None

    def find(self, row: Row, column: str) -> tuple[str, T | None] | None:
        """The id that a reference means and what it leads to, None for a row that is gone. None: it leads nowhere."""
        id_ = id_of(row, column)
        value = self._rows.get(id_, ABSENT)
        if value is not ABSENT:
            return id_, value
        spelt = self.spelt(id_)
        if spelt is None:
            return None
        row.warn("id_case", "the id as its own row has it", column)
        return spelt, self._rows[spelt]

    def spelt(self, id_: str) -> str | None:
        """The one id that differs from this in nothing but case; None where there is none, or several."""
        if self._folded is None:
            self._folded = self._spill.mapping()
            for key in self._rows:
                folded = key.casefold()
                self._folded[folded] = SEVERAL if folded in self._folded else key
        return self._folded.get(id_.casefold()) or None
