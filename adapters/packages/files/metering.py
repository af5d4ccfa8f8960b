"""What is read of a package, measured on its way."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

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


class Meter(io.BufferedIOBase):
    """Passes a stream on, counts its bytes and lines, and sees whether what is read in another encoding is UTF-8."""

    def __init__(self, stream: IO[bytes], progress: Progress, codec: str) -> None:
        self._stream = stream
        self._progress = progress
        self._utf_8 = None if codec.startswith("utf") else codecs.getincrementaldecoder("utf-8")()
        self._is_ascii = True
        self.has_mark = False
        self.taken = 0
        self.line_ends = 0

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1, /) -> bytes:
        taken = self._stream.read(size if size > 0 else io.DEFAULT_BUFFER_SIZE)
        self.taken += len(taken)
        self.line_ends += taken.count(b"\n")
        self._progress.bytes += len(taken)
        self._look(taken)
        return taken

    @property
    def is_utf_8(self) -> bool:
        """Whether what was read so far is UTF-8, and no mere ASCII."""
        return self._utf_8 is not None and not self._is_ascii

    def _look(self, taken: bytes) -> None:
        if self._utf_8 is None:
            return
        self.has_mark |= self.taken == len(taken) and taken.startswith(codecs.BOM_UTF8)
        self._is_ascii &= taken.isascii()
        try:
            self._utf_8.decode(taken)
        except UnicodeDecodeError:
            self._utf_8 = None

    def read(self, size: int | None = -1, /) -> bytes:
        return self.read1(-1 if size is None else size)
