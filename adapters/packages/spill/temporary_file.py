"""A temporary file of entries, by the number of their mapping and their key."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from adapters.packages.findings import PackageError

Key = str | tuple[str, ...]
K = TypeVar("K", bound="str | tuple[str, ...]")

CACHE_KIB = 64 * 1024
BETWEEN = "\0"  # sorts before everything that stands in an id, so that keys sort as their parts do

CREATE = "CREATE TABLE entries (mapping INTEGER, key BLOB, value BLOB, PRIMARY KEY (mapping, key)) WITHOUT ROWID"
SELECT = "SELECT value FROM entries WHERE mapping = ? AND key = ?"
INSERT = "INSERT OR REPLACE INTO entries VALUES (?, ?, ?)"
DELETE = "DELETE FROM entries WHERE mapping = ? AND key = ?"
COUNT = "SELECT count(*) FROM entries WHERE mapping = ?"
KEYS = "SELECT key FROM entries WHERE mapping = ? ORDER BY key"
ENTRIES = "SELECT key, value FROM entries WHERE mapping = ? ORDER BY key"


class TemporaryFile:
    """A database in a file without a name, that nobody else can see, without what makes one survive a crash.

    Raises:
        PackageError: the temporary folder is full.
    """

    def __init__(self) -> None:
        with _room_wanted():
            self._connection = sqlite3.connect("", isolation_level=None)
            for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KIB}"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.execute(CREATE)
            # And never an end: a statement that is a transaction of its own is written out.
            self._connection.execute("BEGIN")

    def close(self) -> None:
        """Gives the file's room back; nothing can be read after that."""
        self._connection.close()

    def get(self, mapping: int, key: Key, default: Any) -> Any:
        """The value of a key of a mapping, else the default."""
        row = self._connection.execute(SELECT, (mapping, _written(key))).fetchone()
        return default if row is None else pickle.loads(row[0])  # noqa: S301 - we wrote it, and nobody else can

    def put(self, mapping: int, entries: Mapping[K, object]) -> None:
        """Adds entries, or replaces them, in the order of their keys: neighbours are written fast."""
        places = sorted((_written(key), key) for key in entries)
        rows = ((mapping, place, pickle.dumps(entries[key], pickle.HIGHEST_PROTOCOL)) for place, key in places)
        with _room_wanted():
            self._connection.executemany(INSERT, rows)

    def delete(self, mapping: int, key: Key) -> None:
        """Takes an entry out, if it is there."""
        self._connection.execute(DELETE, (mapping, _written(key)))

    def count(self, mapping: int) -> int:
        """The number of a mapping's entries."""
        return int(self._connection.execute(COUNT, (mapping,)).fetchone()[0])

    def keys(self, mapping: int) -> Iterator[Any]:
        """The keys of a mapping, in their order."""
        return (_read(key) for (key,) in self._connection.execute(KEYS, (mapping,)))

    def entries(self, mapping: int) -> Iterator[tuple[Any, Any]]:
        """The entries of a mapping, in the order of their keys."""
        rows = self._connection.execute(ENTRIES, (mapping,))
        return ((_read(key), pickle.loads(value)) for key, value in rows)  # noqa: S301 - we wrote it


@contextmanager
def _room_wanted() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise PackageError("room in the temporary folder (TMPDIR) for what the package holds") from error


def _written(key: Key) -> bytes:
    text = key if isinstance(key, str) else BETWEEN + BETWEEN.join(key)
    return text.encode()


def _read(key: bytes) -> Any:
    text = key.decode()
    return tuple(text[1:].split(BETWEEN)) if text.startswith(BETWEEN) else text
