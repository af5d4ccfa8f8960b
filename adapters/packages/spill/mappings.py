"""Mappings that grow past memory: a package's rows by their ids, in a temporary file from some thousands on."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from itertools import count, groupby
from typing import Any, Generic, TypeVar, cast
from weakref import WeakValueDictionary, finalize

from adapters.packages.findings import PackageError

K = TypeVar("K", bound="str | tuple[str, ...]")
V = TypeVar("V")
T = TypeVar("T")

IN_MEMORY = 400_000  # pieces in all shelves of a package: some schools with all their people
READ_AGAIN = 25_000  # pieces of one shelf, read from the file a moment ago
PIECE = 100  # bytes or characters of a text; an id, a name, a day is one piece
CACHE_KIB = 64 * 1024
BETWEEN = "\0"  # sorts before everything that stands in an id, so that keys sort as their parts do
ABSENT: Any = object()
TEXTS, LISTS = (str, bytes), (tuple, frozenset)

CREATE = "CREATE TABLE entries (shelf INTEGER, key BLOB, value BLOB, PRIMARY KEY (shelf, key)) WITHOUT ROWID"
SELECT = "SELECT value FROM entries WHERE shelf = ? AND key = ?"
INSERT = "INSERT OR REPLACE INTO entries VALUES (?, ?, ?)"


class Shelves:
    """Shelves that share one temporary file. It has no name, and goes with the last of them."""

    def __init__(self) -> None:
        self._room = IN_MEMORY
        self._shelves: WeakValueDictionary[int, Shelf[Any, Any]] = WeakValueDictionary()
        self._numbers = count()
        self._file: sqlite3.Connection | None = None

    def shelf(self) -> Shelf[Any, Any]:
        number = next(self._numbers)
        shelf = self._shelves[number] = Shelf[Any, Any](self, number)
        return shelf

    def take_room(self, pieces: int) -> None:
        """Counts what more is in memory; where there is no room for it, the fullest shelf goes into the file."""
        self._room -= pieces
        if self._room < 0:
            in_use = list(self._shelves.values())
            max(in_use, key=lambda shelf: shelf.unwritten).spill()
            self._room = IN_MEMORY - sum(shelf.unwritten for shelf in in_use)

    def file(self) -> sqlite3.Connection:
        """The file, made when a shelf first needs it."""
        if self._file is None:
            self._file = _temporary()
            finalize(self, self._file.close)
        return self._file


class Shelf(MutableMapping[K, V], Generic[K, V]):
    """A mapping by ids, or tuples of ids, iterated in their order. Nothing is to be put in while it is iterated.

    A value that is changed in place has to be put in again.

    Raises:
        PackageError: the temporary folder is full.
    """

    def __init__(self, shelves: Shelves, number: int) -> None:
        self._shelves = shelves
        self._number = number
        self._new: dict[K, V] = {}  # put in, and not in the file yet
        self._read: dict[K, V] = {}  # taken out of the file a moment ago
        self.unwritten = 0  # pieces put in, each entry as it was at first
        self._read_again = 0
        self._file: sqlite3.Connection | None = None

    def __setitem__(self, key: K, value: V) -> None:
        is_new = key not in self._new
        self._new[key] = value
        if is_new:
            pieces = _pieces(value)
            self.unwritten += pieces
            self._shelves.take_room(pieces)

    def __getitem__(self, key: K) -> V:
        found = self.get(key, ABSENT)
        if found is ABSENT:
            raise KeyError(key)
        return cast("V", found)

    def __contains__(self, key: object) -> bool:
        return self.get(cast("K", key), ABSENT) is not ABSENT

    def get(self, key: K, default: Any = None) -> Any:
        if key in self._new:
            return self._new[key]
        if self._file is None:
            return default
        if key in self._read:
            return self._read[key]
        row = self._file.execute(SELECT, (self._number, _written(key))).fetchone()
        if row is None:
            return default
        if self._read_again >= READ_AGAIN:
            self._forget()
        value = self._read[key] = pickle.loads(row[0])  # noqa: S301 - we wrote it, and nobody else can
        self._read_again += _pieces(value)
        return value

    def __delitem__(self, key: K) -> None:
        if key not in self:
            raise KeyError(key)
        self._new.pop(key, None)
        self._read.pop(key, None)
        if self._file is not None:
            self._file.execute("DELETE FROM entries WHERE shelf = ? AND key = ?", (self._number, _written(key)))

    def __iter__(self) -> Iterator[K]:
        if self._file is None:
            return iter(sorted(self._new))
        self.spill()
        rows = self._file.execute("SELECT key FROM entries WHERE shelf = ? ORDER BY key", (self._number,))
        return (_read(key) for (key,) in rows)

    def entries(self) -> Iterator[tuple[K, V]]:
        """What `items` gives, read in one go."""
        if self._file is None:
            new = self._new
            return ((key, new[key]) for key in sorted(new))
        self.spill()
        rows = self._file.execute("SELECT key, value FROM entries WHERE shelf = ? ORDER BY key", (self._number,))
        return ((_read(key), pickle.loads(value)) for key, value in rows)  # noqa: S301 - we wrote it

    def __len__(self) -> int:
        if self._file is None:
            return len(self._new)
        self.spill()
        row = self._file.execute("SELECT count(*) FROM entries WHERE shelf = ?", (self._number,)).fetchone()
        return int(row[0])

    def spill(self) -> None:
        """Puts all into the file, in the order of keys: neighbours are written fast. Who iterates goes on as before."""
        new, self._new, self.unwritten = self._new, {}, 0
        self._forget()
        written = sorted((_written(key), key) for key in new)
        rows = ((self._number, place, pickle.dumps(new[key], pickle.HIGHEST_PROTOCOL)) for place, key in written)
        try:
            self._file = self._shelves.file()
            self._file.executemany(INSERT, rows)
        except sqlite3.Error as error:
            raise PackageError("room in the temporary folder (TMPDIR) for what the package holds") from error

    def _forget(self) -> None:
        self._read, self._read_again = {}, 0


class Following(Generic[T]):
    """Goes along sorted things and gives those of a key, for keys that are asked for in their order."""

    def __init__(self, things: Iterable[T], key: Callable[[T], str]) -> None:
        self._groups = groupby(things, key)
        self._next: tuple[str, Iterable[T]] | None = next(self._groups, None)

    def of(self, key: str) -> Iterable[T]:
        """To be used up before the next is asked for."""
        while self._next is not None and self._next[0] < key:
            self._next = next(self._groups, None)
        return self._next[1] if self._next is not None and self._next[0] == key else ()


def _temporary() -> sqlite3.Connection:
    """A database in a file without a name, that nobody else can see, without what makes one survive a crash."""
    connection = sqlite3.connect("", isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(CREATE)
    connection.execute("BEGIN")  # and never an end: a statement that is a transaction of its own is written out
    return connection


def _pieces(value: object) -> int:
    """About how much memory a value takes: a group's list of students is many ids, and an event a long text."""
    if isinstance(value, TEXTS):
        return 1 + len(value) // PIECE
    return 1 + sum(map(_pieces, value)) if isinstance(value, LISTS) else 1


def _written(key: str | tuple[str, ...]) -> bytes:
    text = key if isinstance(key, str) else BETWEEN + BETWEEN.join(key)
    return text.encode()


def _read(key: bytes) -> Any:
    text = key.decode()
    return tuple(text[1:].split(BETWEEN)) if text.startswith(BETWEEN) else text
