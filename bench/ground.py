"""Databases to measure on: a PostgreSQL of our own, as durable as one in use, and SQLite files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers import postgresql
from tests.servers.postgresql import PostgreSQL

KINDS = ("postgresql", "sqlite")

# The tests' server may lose its data; this one is measured as one that may not.
postgresql.SETTINGS |= {
    "fsync": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
}


@dataclass
class Ground:
    """Gives out databases, each its own address."""

    folder: Path
    server: PostgreSQL
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def empty(self, kind: str) -> str:
        name = f"bench_{next(self.numbers)}"
        return f"sqlite:///{self.folder / name}.db" if kind == "sqlite" else self.server.make_database(name)

    def copy(self, url: str) -> str:
        """A database like another, to which nobody is connected."""
        name = f"bench_{next(self.numbers)}"
        if not url.startswith("sqlite"):
            return self.server.make_database(name, url.rpartition("/")[2])
        shutil.copy(url.removeprefix("sqlite:///"), self.folder / f"{name}.db")
        return f"sqlite:///{self.folder / name}.db"


@contextmanager
def ground() -> Iterator[Ground]:
    with TemporaryDirectory(prefix="rollcall-bench-") as folder:
        server = PostgreSQL().start()
        try:
            yield Ground(Path(folder), server)
        finally:
            server.stop()
