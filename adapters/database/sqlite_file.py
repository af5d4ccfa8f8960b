"""The file of an SQLite database: ours alone to read, and the one that we opened."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import URL

from sync.errors import StoreUnavailable

OURS_ALONE, OTHERS = 0o600, 0o077
TRY_S = 1.0  # a writer that blocks us for longer proves that the file can be written


class SqliteFile:
    """Without a path, for PostgreSQL and what is in memory, nothing is asked."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._opened: tuple[int, int] | None = None

    @classmethod
    def of(cls, url: URL) -> SqliteFile:
        named = url.database if url.get_backend_name() == "sqlite" else None
        return cls(Path(named) if named and named != ":memory:" else None)

    def make(self) -> None:
        """Makes the file where there is none: with people's names and phones in it, it is for nobody else to read, and
        one that others may read is taken from them.
        """
        if self._path is not None and not self._path.exists():
            try:
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, OURS_ALONE))
            except OSError as error:
                raise StoreUnavailable(f"{self._path} cannot be made: {error.strerror}") from error

        elif self._path is not None and self._path.stat().st_mode & OTHERS:
            with suppress(OSError):  # somebody else's file
                self._path.chmod(OURS_ALONE)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Check, before and after the block, that the open file is still the one at its path: a deleted or replaced
        file accepts writes and loses them. Raises StoreUnavailable.
        """
        self._check()
        yield
        self._check()

    def _check(self) -> None:
        if self._path is None:
            return
        found = self._identity()
        if self._opened is None:
            self._opened = found
        elif found != self._opened:
            raise StoreUnavailable(
                f"the database's file {self._path} was deleted or replaced while open: put it back, or start again"
            )

    def _identity(self) -> tuple[int, int] | None:
        assert self._path is not None  # noqa: S101 - asked of files alone
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def writable(self) -> bool:
        """Whether a write gets to the disk, by one that changes nothing. Blocks for up to TRY_S."""
        if self._path is None:
            return True
        try:
            self._check()
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=rw", TRY_S, uri=True)) as connection:
                connection.isolation_level = None
                connection.execute("UPDATE alembic_version SET version_num = version_num")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
        except (sqlite3.Error, StoreUnavailable):
            return False
        return True
