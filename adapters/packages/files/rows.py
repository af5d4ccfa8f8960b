"""The rows of a CSV file by the names of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType

from adapters.packages.files.columns import Layout
from adapters.packages.files.csv_lines import NO_LINE, Line, lines_of
from adapters.packages.files.encodings import CsvText
from adapters.packages.files.folder_or_zip import Files
from adapters.packages.files.headers import NO_HEADER, Header, check_text, header_of
from adapters.packages.files.metering import Progress
from adapters.packages.files.not_understood import NotUnderstood, NotUnderstoodError, is_destroyed, pieces_of, words_of
from adapters.packages.findings import Findings, Place


@dataclass(slots=True)
class Row:
    """One line: trimmed values by column, blank where the file has no such column.

    `with row:` reads it: whatever says in there that the row is not understood ends the block, and the next row
    follows.
    """

    table: Table
    line: Line
    values: dict[str, str]
    is_left_out: bool = False

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def __enter__(self) -> None:
        """Nothing is to be got ready."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return kind is NotUnderstoodError

    def place(self, column: str | None = None) -> Place:
        """Where the row is, or its value of a column, by the name that this file gives the column."""
        return Place(self.table.layout.name, self.line.number, self.table.header.names.get(column or "", column))

    def warn(self, kind: str, expected: str, column: str | None = None) -> None:
        """Counts a warning at this row; in strict mode raises it."""
        self.table.findings.add(kind, expected, self.place(column))

    def not_understood(self, kind: str, expected: str, column: str | None = None) -> NotUnderstoodError:
        """What to raise where the row cannot be understood: counts why, and remembers all that it may name."""
        self.doubt(kind, expected, column)
        return NotUnderstoodError(kind)

    def doubt(self, kind: str, expected: str, column: str | None = None) -> None:
        """Counts why a part of the row is not understood, and remembers all that the row may name."""
        self.warn(kind, expected, column)
        self.leave_out()
        self.remember()

    def remember(self) -> None:
        """Remembers all that the row may name."""
        about, not_understood, words = self.table.layout.about, self.table.not_understood, [*words_of(self.line.cells)]
        is_damaged = self._extra != 0
        if is_damaged and not_understood.takes_pieces():
            words += pieces_of(self.line.cells, max(self._extra, 0))
        elif is_damaged:
            not_understood.add_anything(about)
        for word in words:
            not_understood.add_word(about, self.table.in_namespace(word))
        if self._has_lost_ids():
            not_understood.add_anything(about)

    @property
    def _extra(self) -> int:
        """How many values more there are than the header has, blank ones too; less than nothing where too few."""
        number, header = len(self.line.cells), self.table.header
        return number - header.width if number < header.width else max(number - header.cells, 0)

    def leave_out(self) -> None:
        """Counts the row among those not understood, where what it may name is remembered otherwise."""
        if not self.is_left_out:
            self.is_left_out = True
            self.table.not_understood.add(self.table.layout.about, self.place())

    def _has_lost_ids(self) -> bool:
        """Whether an id may have been cut off, be blank, or be none any more."""
        cells, ids = self.line.cells, self.table.layout.ids
        if self.line.unended:
            return True
        if self._extra == 0 and self.values:
            return any(not self[name] or is_destroyed(self[name]) for name in ids)
        if self._extra >= 0:
            return any(map(is_destroyed, words_of(cells)))
        return any(self.table.header.positions[name] >= len(cells) - 1 for name in ids)


@dataclass(slots=True)
class Table:
    """One CSV file; iterating it streams its rows once more from the beginning, save those of another width."""

    files: Files
    layout: Layout
    findings: Findings
    text: CsvText
    not_understood: NotUnderstood
    namespace: str | None = None  # goes before every id
    day_first: bool = True  # how 1/2/2026 is read where no value of the column decides
    delta: bool = False
    progress: Progress = field(default_factory=Progress)
    had_rows: bool = False
    header: Header = NO_HEADER
    orders: dict[str, bool] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row]:
        lines = self._lines(self.progress)
        self._read_header(next(lines, NO_LINE).cells)
        header = self.header
        width = header.cells
        for line in lines:
            self.had_rows = True
            self.progress.row()
            row = Row(self, line, {})
            if line.spans or not len(line.cells) == header.width == header.cells:
                with row:
                    self._check_width(row)
                    if len(line.cells) not in {header.cells, width}:
                        row.remember()  # a comma too many before values that are blank looks like this
            width = len(line.cells)
            if not row.is_left_out:
                row.values = self._values(line)
                yield row
        if not self.had_rows and not self.delta:
            self.findings.add("file_without_rows", "a row", Place(self.layout.name))

    @property
    def columns(self) -> frozenset[str]:
        """The columns that are read and that the file has."""
        return frozenset(self.header.positions)

    def in_namespace(self, id_: str) -> str:
        """An id as the event contract has it."""
        return f"{self.namespace}:{id_}" if id_ and self.namespace else id_

    def cells(self, column: str) -> Iterator[str]:
        """One column by itself, read apart from the rows and counting nothing."""
        lines = self._lines(Progress())
        position = self.layout.positions(next(lines, NO_LINE).cells, (column,)).get(column)
        if position is not None:
            yield from (line.cells[position] for line in lines if position < len(line.cells))

    def pairs(self, name: str, value: str) -> Iterator[tuple[str, tuple[str, Place]]]:
        """Two columns as names with values and their places; of a value without quotes the commas are its own."""
        lines = self._lines(self.progress)
        self._read_header(next(lines, NO_LINE).cells)
        positions, names, width, _ = self.header
        for line in lines:
            cells = self._trimmed(line.cells)
            if len(cells) > width and positions[value] == width - 1:
                cells = [*cells[: width - 1], ",".join(cells[width - 1 :])]
            told = [cells[at].strip() if at < len(cells) else "" for at in (positions[name], positions[value])]
            yield told[0], (told[1], Place(self.layout.name, line.number, names[value]))

    def folded_header(self) -> tuple[str, ...]:
        """The header's cells as they stand, folded to lower case."""
        cells = next(self._lines(Progress()), NO_LINE).cells
        check_text(cells, self.layout, self.text)
        return tuple(cell.strip().lower() for cell in cells)

    def _lines(self, progress: Progress) -> Iterator[Line]:
        return lines_of(self.files, self.layout.name, self.text, progress)

    def _read_header(self, cells: list[str]) -> None:
        self.header = header_of(cells, self.layout, self.findings, self.text)

    def _check_width(self, row: Row) -> None:
        is_shifted = len(row.line.cells) > self.header.cells and any(map(_continues, row.line.cells))
        cells = self._trimmed(row.line.cells)
        width = self.header.width
        if is_shifted or len(cells) != width:
            raise row.not_understood("row_width", f"{width} values, as the header has; found {len(cells)}")
        for cell in cells:
            if "\n" in cell and cell.count(self.text.separator) >= width - 1 > 0:
                raise row.not_understood("row_width", "one row; found several in one value: a quote is not closed")

    def _trimmed(self, cells: list[str]) -> list[str]:
        """A row's cells without the blank ones beyond the last column that has a name."""
        end = len(cells)
        while end > self.header.width and not cells[end - 1].strip():
            end -= 1
        return cells[:end]

    def _values(self, line: Line) -> dict[str, str]:
        values, cells = {}, line.cells
        for column, position in self.header.positions.items():
            if value := cells[position]:
                values[column] = trimmed = value.strip()
                if trimmed != value:
                    self.findings.add("whitespace", "no spaces around", Place(self.layout.name, line.number, column))
        return values


def _continues(cell: str) -> bool:
    """Whether a cell looks like what follows a comma in a text: of a row that is too wide one was not quoted."""
    return cell[:1] == " " and bool(cell.strip())
