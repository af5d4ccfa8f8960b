"""The header of a CSV file: which columns stand where, and whether it is one at all."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import NamedTuple

from adapters.packages.files.columns import Layout
from adapters.packages.files.encodings import CsvText, separated_otherwise
from adapters.packages.findings import Findings, PackageError, Place

LONGEST_LIST = 200  # characters


class Header(NamedTuple):
    """Where the columns that are read stand, and what this file calls them. `width`: columns up to the last that has a
    name; `cells`: and those that have none.
    """

    positions: Mapping[str, int] = {}
    names: Mapping[str, str] = {}
    width: int = 0
    cells: int = 0


NO_HEADER = Header()


def header_of(cells: list[str], layout: Layout, findings: Findings, text: CsvText) -> Header:
    """Reads a header, none where there are no cells; counts what is unknown, and names that are missing.

    Raises:
        PackageError: it has not the columns that are needed, or is text of another making.
    """
    check_text(cells, layout, text)
    place, positions = Place(layout.name, 1), layout.positions(cells)
    for name in layout.unknown(cells):
        findings.add("unknown_column", "the columns of this file", place._replace(column=name))
    for name in layout.needed if cells else ():
        if name not in positions:
            raise PackageError(f"a column {name}; its columns are {_listed(cells)}", place._replace(column=name))
    for name in layout.named if cells else ():
        if name not in positions and not findings.has("column_missing", column=name):
            findings.add("column_missing", f"a column {name}", place._replace(column=name))
    names = {name: cells[index].strip() for name, index in positions.items()}
    width = max((number for number, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    return Header(positions, names, width, len(cells))


def check_text(cells: list[str], layout: Layout, text: CsvText) -> None:
    """Whether a header is one, and not text of another making.

    Raises:
        PackageError: it is that; says which option reads it.
    """
    place = Place(layout.name, 1)
    if any("\0" in cell for cell in cells):
        raise PackageError(
            "text in UTF-8; it looks like UTF-16: --encoding utf-16 reads it (utf-16-le without a mark)", place
        )
    named = [cell for cell in cells if cell.strip()]
    if len(named) == 1 and (otherwise := separated_otherwise(named[0], text)) is not None:
        raise PackageError(otherwise, place)


def _listed(cells: list[str]) -> str:
    names = [cell.strip() for cell in cells if cell.strip()]
    return shorten(", ".join(names), LONGEST_LIST, placeholder=" …")
