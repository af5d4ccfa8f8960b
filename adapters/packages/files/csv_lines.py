"""The lines of a CSV file, one by one: encoding, quotes, blank lines; never the whole file in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, cast

from adapters.packages.files.folder_or_zip import Files
from adapters.packages.findings import PackageError, Place

REPORT_EVERY = 1000  # rows


@dataclass(slots=True)
class Progress:
    """Rows and bytes read so far, over all files."""

    report: Callable[[int, int], None] | None = None
    rows: int = 0
    bytes: int = 0

    def row(self) -> None:
        """Counts a row, and reports now and then."""
        self.rows += 1
        if self.report is not None and self.rows % REPORT_EVERY == 0:
            self.report(self.rows, self.bytes)

    def end(self) -> None:
        """Reports what it all came to."""
        if self.report is not None:
            self.report(self.rows, self.bytes)


def lines_of(files: Files, name: str, encoding: str, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    """Every line that is not blank, with the number of its first physical line.

    Raises:
        PackageError: not such text, or not comma-separated values.
    """
    with files.open(name) as stream:
        meter = _Meter(stream, progress)
        text = io.TextIOWrapper(cast("IO[bytes]", meter), encoding, newline="")
        rows, line = csv.reader(text, strict=True), 1
        try:
            for cells in rows:
                if any(cell.strip() for cell in cells):
                    yield line, cells
                line = rows.line_num + 1
        except UnicodeDecodeError as error:
            raise _undecodable(error, meter, name, encoding) from error
        except (csv.Error, UnicodeError) as error:
            raise PackageError(f"comma-separated values: {error}", Place(name, line)) from error


def _undecodable(error: UnicodeDecodeError, meter: _Meter, name: str, encoding: str) -> PackageError:
    """The reader is ahead of the rows: the place is counted in what was taken from the stream."""
    at = meter.taken - len(error.object) + error.start
    line = 1 + meter.line_ends - error.object[error.start :].count(b"\n")
    return PackageError(f"text in {encoding.removesuffix('-sig')}, at byte {at}", Place(name, line))


class _Meter(io.BufferedIOBase):
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
