"""The columns of a file, and which of its header's cells they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.packages.files.not_understood import About


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file. `needed` must be there; `used` are read besides; `other` are known and left alone.

    `aliases` are what a file may call a column instead, in lower case: its other name to ours. `named` are those of
    names that people go by: without the column they stay as they are known. `ids` are those that say whom a row is of.
    """

    name: str
    needed: tuple[str, ...]
    used: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)
    about: About = About.OTHER
    named: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that are read."""
        return (*self.needed, *self.used)

    def positions(self, header: Sequence[str], wanted: Sequence[str] | None = None) -> dict[str, int]:
        """Where the columns that are read stand, or those wanted; one that is not there is not among them."""
        cells = list(reversed(list(enumerate(header))))  # of two cells of one name the first counts
        exact = {name: index for index, name in cells}
        folded = {name.strip().lower(): index for index, name in cells}
        called = {ours: folded[theirs] for theirs, ours in reversed(list(self.aliases.items())) if theirs in folded}
        names = self.read if wanted is None else wanted
        found = ((name, exact.get(name, folded.get(name.lower(), called.get(name)))) for name in names)
        return {name: index for name, index in found if index is not None}

    def unknown(self, header: Sequence[str]) -> list[str]:
        """The cells of a header that are no column of this file, nor an extension of somebody's."""
        taken = set(self.positions(header).values())
        known = {*self.read, *self.other}
        return [
            name
            for index, name in enumerate(header)
            if not (index in taken and (name in known or name.lower() in self.aliases))
            and name not in self.other
            and not _is_extension(name)
        ]


def _is_extension(name: str) -> bool:
    return name.strip().lower().startswith(("metadata.", "ext_"))
