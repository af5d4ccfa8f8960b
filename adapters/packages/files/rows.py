"""The rows of a CSV file by the names of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from adapters.packages.files.columns import Layout
from adapters.packages.files.csv_lines import Progress, lines_of
from adapters.packages.files.folder_or_zip import Files
from adapters.packages.findings import Findings, PackageError, Place


@dataclass(frozen=True, slots=True)
class Row:
    """One line: trimmed values by column, blank where the file has no such column."""

    table: Table
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def place(self, column: str | None = None) -> Place:
        """Where the row is, or its value of a column, by the name that this file gives the column."""
        return Place(self.table.layout.name, self.line, self.table.names.get(column or "", column))

    def warn(self, kind: str, expected: str, column: str | None = None) -> None:
        """Counts a warning at this row; in strict mode raises it."""
        self.table.findings.add(kind, expected, self.place(column))


@dataclass(slots=True)
class Table:
    """One CSV file; iterating it streams its rows once more from the beginning."""

    files: Files
    layout: Layout
    findings: Findings
    encoding: str
    namespace: str | None = None  # goes before every id
    day_first: bool = True  # how 1/2/2026 is read where no value of the column decides
    delta: bool = False
    progress: Progress = field(default_factory=Progress)
    had_rows: bool = False
    columns: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)  # what this file calls the columns
    orders: dict[str, bool] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row]:
        lines = lines_of(self.files, self.layout.name, self.encoding, self.progress)
        _, header = next(lines, (1, []))
        positions = self._positions(header)
        for line, cells in lines:
            self.had_rows = True
            self.progress.row()
            yield Row(self, line, self._values(line, cells, len(header), positions))
        if not self.had_rows and not self.delta:
            self.findings.add("file_without_rows", "a row", Place(self.layout.name))

    def cells(self, column: str) -> Iterator[str]:
        """One column by itself, read apart from the rows and counting nothing."""
        lines = lines_of(self.files, self.layout.name, self.encoding, Progress())
        _, header = next(lines, (1, []))
        position = self.layout.positions(header, (column,)).get(column)
        if position is not None:
            yield from (cells[position] for _, cells in lines if position < len(cells))

    def header(self) -> tuple[str, ...]:
        """The header's cells as they stand, folded to lower case."""
        _, header = next(lines_of(self.files, self.layout.name, self.encoding, Progress()), (1, []))
        return tuple(cell.strip().lower() for cell in header)

    def _positions(self, header: list[str]) -> dict[str, int]:
        positions = self.layout.positions(header)
        self.columns = frozenset(positions)
        self.names = {name: header[index].strip() for name, index in positions.items()}
        for name in self.layout.unknown(header):
            self.findings.add("unknown_column", "the columns of this file", Place(self.layout.name, 1, name))
        for name in self.layout.needed if header else ():
            if name not in positions:
                raise PackageError(f"a column {name}", Place(self.layout.name, 1, name))
        return positions

    def _values(self, line: int, cells: list[str], width: int, positions: dict[str, int]) -> dict[str, str]:
        if len(cells) != width:
            self.findings.add("row_length", f"{width} values", Place(self.layout.name, line))
        values = {}
        for column, position in positions.items():
            if position < len(cells) and (value := cells[position]):
                values[column] = trimmed = value.replace("\0", "").strip()
                if trimmed != value:
                    self.findings.add("whitespace", "no spaces around", Place(self.layout.name, line, column))
        return values
