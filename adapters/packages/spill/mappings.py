"""Mappings that grow past memory: a package's rows by their ids, in a temporary file from some thousands on."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from itertools import count
from typing import Any, Generic, TypeVar, cast
from weakref import WeakValueDictionary, finalize

from adapters.packages.spill.temporary_file import TemporaryFile

K = TypeVar("K", bound="str | tuple[str, ...]")
V = TypeVar("V")

IN_MEMORY = 400_000  # pieces in all mappings of a package: some schools with all their people
READ_AGAIN = 25_000  # pieces of one mapping, read from the file a moment ago
PIECE = 100  # bytes or characters of a text; an id, a name, a day is one piece
ABSENT: Any = object()
TEXTS, LISTS = (str, bytes), (tuple, frozenset)


class Spill:
    """Mappings that share an amount of memory and one temporary file, which goes with the last of them."""

    def __init__(self) -> None:
        self._free = IN_MEMORY
        self._mappings: WeakValueDictionary[int, SpillMap[Any, Any]] = WeakValueDictionary()
        self._numbers = count()
        self._file: TemporaryFile | None = None

    def mapping(self) -> SpillMap[Any, Any]:
        """A new mapping, empty."""
        number = next(self._numbers)
        mapping = self._mappings[number] = SpillMap[Any, Any](self, number)
        return mapping

    def take(self, pieces: int) -> None:
        """Counts what more is in memory; where that is too much, the fullest mapping goes into the file."""
        self._free -= pieces
        if self._free < 0:
            in_use = list(self._mappings.values())
            max(in_use, key=lambda mapping: mapping.unwritten).spill()
            self._free = IN_MEMORY - sum(mapping.unwritten for mapping in in_use)

    def file(self) -> TemporaryFile:
        """The file, made when a mapping first needs it."""
        if self._file is None:
            self._file = TemporaryFile()
            finalize(self, self._file.close)
        return self._file


class SpillMap(MutableMapping[K, V], Generic[K, V]):
    """A mapping by ids, or tuples of ids, iterated in their order. Nothing is to be put in while it is iterated.

    A value that is changed in place has to be put in again.

    Raises:
        PackageError: the temporary folder is full.
    """

    def __init__(self, spill: Spill, number: int) -> None:
        self._spill = spill
        self._number = number
        self._new: dict[K, V] = {}  # put in, and not in the file yet
        self._read: dict[K, V] = {}  # taken out of the file a moment ago
        self.unwritten = 0  # pieces put in, each entry as it was at first
        self._read_again = 0
        self._file: TemporaryFile | None = None

    def __setitem__(self, key: K, value: V) -> None:
        is_new = key not in self._new
        self._new[key] = value
        if is_new:
            pieces = _pieces(value)
            self.unwritten += pieces
            self._spill.take(pieces)

    def __getitem__(self, key: K) -> V:
        found = self.get(key, ABSENT)
        if found is ABSENT:
            raise KeyError(key)
        return cast("V", found)

    def __contains__(self, key: object) -> bool:
        return self.get(cast("K", key), ABSENT) is not ABSENT

    def get(self, key: K, default: Any = None) -> Any:
        """The value of a key, from memory or from the file."""
        if key in self._new:
            return self._new[key]
        if self._file is None:
            return default
        if key in self._read:
            return self._read[key]
        value = self._file.get(self._number, key, ABSENT)
        if value is ABSENT:
            return default
        if self._read_again >= READ_AGAIN:
            self._forget()
        self._read[key] = value
        self._read_again += _pieces(value)
        return value

    def __delitem__(self, key: K) -> None:
        if key not in self:
            raise KeyError(key)
        self._new.pop(key, None)
        self._read.pop(key, None)
        if self._file is not None:
            self._file.delete(self._number, key)

    def __iter__(self) -> Iterator[K]:
        if self._file is None:
            return iter(sorted(self._new))
        self.spill()
        return self._file.keys(self._number)

    def entries(self) -> Iterator[tuple[K, V]]:
        """What `items` gives, read in one go."""
        if self._file is None:
            new = self._new
            return ((key, new[key]) for key in sorted(new))
        self.spill()
        return self._file.entries(self._number)

    def __len__(self) -> int:
        if self._file is None:
            return len(self._new)
        self.spill()
        return self._file.count(self._number)

    def spill(self) -> None:
        """Puts all into the file. Who iterates goes on as before."""
        new, self._new, self.unwritten = self._new, {}, 0
        self._forget()
        self._file = self._spill.file()
        self._file.put(self._number, new)

    def _forget(self) -> None:
        self._read, self._read_again = {}, 0


def _pieces(value: object) -> int:
    """About how much memory a value takes: a group's list of students is many ids, and an event a long text."""
    if isinstance(value, TEXTS):
        return 1 + len(value) // PIECE
    return 1 + sum(map(_pieces, value)) if isinstance(value, LISTS) else 1
