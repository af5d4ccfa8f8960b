"""What was found wrong in a package: counted by kind, or the end of the reading."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

KEPT = 100  # of each kind, with their places: enough to mend a file by, and memory stays flat


class Place(NamedTuple):
    """Where in a package: a file, its line (from 1, the header's) and the column's name."""

    file: str | None = None
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = (self.file, self.line and f"line {self.line}", self.column and f"column {self.column}")
        return ", ".join(part for part in parts if part)


NOWHERE = Place()


class PackageError(Exception):
    """The package cannot be read, or in strict mode has something a warning is due for. Permanent: mend the package.

    Carries no personal data: the place and what was expected there; `sentence` says that to people.
    """

    def __init__(self, expected: str, place: Place = NOWHERE, *, kind: str | None = None) -> None:
        where, why = f"{place}: " if any(place) else "", f" ({kind})" if kind else ""
        super().__init__(f"{where}{expected}{why}")
        self.sentence = f"{where}expected {expected}{why}"
        self.expected = expected
        self.file, self.line, self.column = place
        self.kind = kind


class Findings:
    """Warnings, counted once a row and kind; in strict mode the first of them is raised as a PackageError."""

    def __init__(self, *, strict: bool = False) -> None:
        self.counts: Counter[str] = Counter()
        self.expected: dict[str, str] = {}  # what should have stood there, where a kind was found first
        self.places: defaultdict[str, list[Place]] = defaultdict(list)
        self._strict = strict
        self._last: dict[str, tuple[str, int]] = {}

    def has(self, kind: str, column: str) -> bool:
        """Whether a column has such a warning, in whichever file."""
        return kind in self.places and any(place.column == column for place in self.places[kind])

    def add(self, kind: str, expected: str, place: Place = NOWHERE) -> None:
        """Counts a warning, with what should have stood there; in strict mode raises it."""
        if self._strict:
            raise PackageError(expected, place, kind=kind)
        if place.file is not None and place.line is not None:
            row = (place.file, place.line)
            if self._last.get(kind) == row and place.line > 1:
                return
            self._last[kind] = row
        self.counts[kind] += 1
        self.expected.setdefault(kind, expected)
        if len(self.places[kind]) < KEPT:
            self.places[kind].append(place)
