"""The lines of a CSV file, one by one: encoding, separator, quotes, blank lines; never the whole file in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, NamedTuple, cast

from adapters.packages.files.encodings import CsvText, looks_like, separated_otherwise
from adapters.packages.files.folder_or_zip import Files
from adapters.packages.files.metering import Meter, Progress
from adapters.packages.findings import PackageError, Place

LONGEST_LINE = 16 * 1024 * 1024  # characters
SEPARATOR_LINE = "sep="
LINE_ENDS = "\r\n"
OTHERWISE = "write it as UTF-8, or name its encoding by --encoding"

csv.field_size_limit(LONGEST_LINE)


class Line(NamedTuple):
    """A line that is not blank: the number of its first physical line, its cells, whether there are more of these, and
    whether the file ends within it.
    """

    number: int
    cells: list[str]
    spans: bool = False
    unended: bool = False


NO_LINE = Line(1, [])


def lines_of(files: Files, name: str, text: CsvText, progress: Progress) -> Iterator[Line]:
    """Every line that is not blank. A first line `sep=;` names the separator and is none itself.

    Raises:
        PackageError: not such text, or not values with that separator.
    """
    with files.open(name) as stream:
        meter = Meter(stream, progress, text.codec)
        source = _Source(io.TextIOWrapper(cast("IO[bytes]", meter), text.codec, newline=""), name)
        line = 1
        try:
            rows = csv.reader(source, strict=True, delimiter=source.separator() or text.separator)
            line = 1 + source.lines
            _check_encoding(meter.has_mark, name, text)
            for cells in rows:
                last = source.lines
                if any(map(str.strip, cells)):
                    yield Line(line, cells, last != line, source.last[-1] not in LINE_ENDS)
                line = last + 1
            _check_encoding(meter.is_utf_8, name, text)
        except UnicodeDecodeError as error:
            raise _undecodable(error, meter, name, text) from error
        except UnicodeError as error:
            raise PackageError(f"text in {text.codec}, as was asked for: {error}", Place(name, line)) from error
        except csv.Error as error:
            otherwise = separated_otherwise(source.first, text) if line == 1 else None
            expected = otherwise or f"values that are separated, and quoted right: {error}"
            raise PackageError(expected, Place(name, line)) from error


def _check_encoding(is_utf_8: bool, name: str, text: CsvText) -> None:  # noqa: FBT001 - what was seen
    """UTF-8 is readable in many an encoding, and then says something else."""
    if is_utf_8:
        told = f"text in {text.codec}, as was asked for; this is UTF-8: write all files in one encoding"
        raise PackageError(told, Place(name))


class _Source:
    """The physical lines of a text, none of them longer than memory should hold."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text = text
        self._name = name
        self._ahead: str | None = None
        self.first = ""
        self.lines = 0
        self.last = ""

    def separator(self) -> str | None:
        """What a first line `sep=;` says; such a line is passed over."""
        self.first = self._ahead = self._read()
        said = self.first.strip().strip('"')
        if said.startswith(SEPARATOR_LINE) and len(said) == len(SEPARATOR_LINE) + 1:
            self._ahead, self.lines = None, 1
            return said[-1]
        return None

    def __iter__(self) -> Iterator[str]:
        first, readline = self._ahead, self._text.readline
        while line := first or readline(LONGEST_LINE + 1):
            first = None
            if len(line) > LONGEST_LINE:
                raise self._too_long()
            self.lines += 1
            self.last = line
            yield line

    def _read(self) -> str:
        line = self._text.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise self._too_long()
        return line

    def _too_long(self) -> PackageError:
        return PackageError("a line of at most 16 MB", Place(self._name, self.lines + 1))


def _undecodable(error: UnicodeDecodeError, meter: Meter, name: str, text: CsvText) -> PackageError:
    """The reader is ahead of the rows: the place is counted in what was taken from the stream."""
    at = meter.taken - len(error.object) + error.start
    line = 1 + meter.line_ends - error.object[error.start :].count(b"\n")
    other = looks_like(error.object)
    advice = f"it looks like {other}: --encoding {other} reads it" if other is not None else OTHERWISE
    return PackageError(f"text in {text.codec.removesuffix('-sig')}, at byte {at}; {advice}", Place(name, line))
