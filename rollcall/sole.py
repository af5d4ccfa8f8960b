"""One service on an SQLite file: it alone asks the platform, for its rate is counted in memory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rollcall.output import Failed
from rollcall.settings import Settings

OURS_ALONE = 0o600


@contextmanager
def sole_service(settings: Settings) -> Iterator[None]:
    """Hold the mark of a running service until the block or the process ends.

    Raises:
        Failed: another service has the file.
    """
    path = _beside(settings)
    if path is None:
        yield
        return
    with _locked(path) as own:
        if not own:
            raise Failed("another `rollcall serve` runs on this database: one SQLite file is one service's")
        yield


def is_served(settings: Settings) -> bool:
    """Whether a service runs on the SQLite file. Not needed on PostgreSQL, where all processes share one rate limit."""
    path = _beside(settings)
    if path is None or not path.exists():
        return False
    with _locked(path) as free:
        return not free


def _beside(settings: Settings) -> Path | None:
    from sqlalchemy import make_url  # noqa: PLC0415 - who asks how a command is called does without

    url = make_url(settings.database_url)
    named = url.database if url.get_backend_name() == "sqlite" else None
    return Path(f"{named}-service") if named and named != ":memory:" else None


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Whether the lock was free; the system releases it however the process ends."""
    try:
        file = os.open(path, os.O_CREAT | os.O_RDWR, OURS_ALONE)
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}") from error
    try:
        free = False
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        yield free
    finally:
        os.close(file)
