"""Streams the rows of a CSV file: encoding, quotes, headers, blanks; never the whole file in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, cast

from adapters.packages.files import Files
from adapters.packages.findings import Findings, PackageError, Place

REPORT_EVERY = 1000  # rows


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file. `needed` must be there; `used` are read besides; `other` are known and left alone.

    `aliases` are what a file may call a column instead, in lower case: its other name to ours.
    """

    name: str
    needed: tuple[str, ...]
    used: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def read(self) -> tuple[str, ...]:
        return (*self.needed, *self.used)


@dataclass(slots=True)
class Progress:
    """Rows and bytes read so far, over all files."""

    report: Callable[[int, int], None] | None = None
    rows: int = 0
    bytes: int = 0

    def row(self) -> None:
        self.rows += 1
        if self.report is not None and self.rows % REPORT_EVERY == 0:
            self.report(self.rows, self.bytes)

    def end(self) -> None:
        if self.report is not None:
            self.report(self.rows, self.bytes)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: trimmed values by column, blank where the file has no such column."""

    table: Table
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def place(self, column: str | None = None) -> Place:
        return Place(self.table.layout.name, self.line, self.table.names.get(column or "", column))

    def warn(self, kind: str, expected: str, column: str | None = None) -> None:
        self.table.findings.add(kind, expected, self.place(column))


@dataclass(slots=True)
class Table:
    """One CSV file; iterating it streams its rows once more from the beginning."""

    files: Files
    layout: Layout
    findings: Findings
    encoding: str
    day_first: bool = True  # how 1/2/2026 is read where no value of the column decides
    delta: bool = False
    progress: Progress = field(default_factory=Progress)
    had_rows: bool = False
    columns: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)  # what this file calls the columns
    orders: dict[str, bool] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row]:
        lines = self._lines(self.progress)
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
        lines = self._lines(Progress())
        _, header = next(lines, (1, []))
        position = _positions(header, (column,), self.layout.aliases).get(column)
        if position is not None:
            yield from (cells[position] for _, cells in lines if position < len(cells))

    def header(self) -> tuple[str, ...]:
        """The header's cells as they stand, folded to lower case."""
        _, header = next(self._lines(Progress()), (1, []))
        return tuple(cell.strip().lower() for cell in header)

    def _lines(self, progress: Progress) -> Iterator[tuple[int, list[str]]]:
        """Every line that is not blank, with the number of its first physical line."""
        with self.files.open(self.layout.name) as stream:
            meter = Meter(stream, progress)
            text = io.TextIOWrapper(cast("IO[bytes]", meter), self.encoding, newline="")
            rows, line = csv.reader(text, strict=True), 1
            try:
                for cells in rows:
                    if any(cell.strip() for cell in cells):
                        yield line, cells
                    line = rows.line_num + 1
            except UnicodeDecodeError as error:
                raise self._undecodable(error, meter) from error
            except (csv.Error, UnicodeError) as error:
                raise PackageError(f"comma-separated values: {error}", Place(self.layout.name, line)) from error

    def _undecodable(self, error: UnicodeDecodeError, meter: Meter) -> PackageError:
        """The reader is ahead of the rows: the place is counted in what was taken from the stream."""
        at = meter.taken - len(error.object) + error.start
        line = 1 + meter.line_ends - error.object[error.start :].count(b"\n")
        encoding = self.encoding.removesuffix("-sig")
        return PackageError(f"text in {encoding}, at byte {at}", Place(self.layout.name, line))

    def _positions(self, header: list[str]) -> dict[str, int]:
        positions = _positions(header, self.layout.read, self.layout.aliases)
        self.columns = frozenset(positions)
        self.names = {name: header[index].strip() for name, index in positions.items()}
        known = {*self.layout.read, *self.layout.other}
        for index, name in enumerate(header):
            is_known = name in known or name.lower() in self.layout.aliases
            taken = index in positions.values() and is_known
            if not taken and name not in self.layout.other and not _is_extension(name):
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


def _positions(header: list[str], wanted: tuple[str, ...], aliases: Mapping[str, str]) -> dict[str, int]:
    exact = {name: index for index, name in reversed(list(enumerate(header)))}
    folded = {name.strip().lower(): index for index, name in reversed(list(enumerate(header)))}
    called = {ours: folded[theirs] for theirs, ours in reversed(list(aliases.items())) if theirs in folded}
    found = ((name, exact.get(name, folded.get(name.lower(), called.get(name)))) for name in wanted)
    return {name: index for name, index in found if index is not None}


def _is_extension(name: str) -> bool:
    return name.strip().lower().startswith(("metadata.", "ext_"))


class Meter(io.BufferedIOBase):
    """Passes a stream on and counts its bytes and lines."""

    def __init__(self, stream: IO[bytes], progress: Progress) -> None:
        self._stream = stream
        self._progress = progress
        self.taken = 0
        self.line_ends = 0

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1, /) -> bytes:
        taken = self._stream.read(size if size > 0 else io.DEFAULT_BUFFER_SIZE)
        self.taken += len(taken)
        self.line_ends += taken.count(b"\n")
        self._progress.bytes += len(taken)
        return taken

    def read(self, size: int | None = -1, /) -> bytes:
        return self.read1(-1 if size is None else size)
