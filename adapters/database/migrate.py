"""Bringing a database's tables to what this build needs."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import URL, Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.database.engine import async_url, translated
from adapters.database.sqlite_file import SqliteFile

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"

ONE_AT_A_TIME = 7_215_517  # any number, as long as it is always the same: the key of an advisory lock


class Pending(NamedTuple):
    """What an upgrade will do: from which revision on (None: there are no tables yet), and each step in a line."""

    current: str | None
    steps: Sequence[str]


Announce = Callable[[str], None]


async def upgrade(url: str, announce: Announce = lambda _: None) -> None:
    """Makes or upgrades all tables, in one transaction; done again it changes nothing. Several may call it at once.

    `announce` is called before existing tables are changed, with what will be done. Of an SQLite file a copy is kept
    beside it, named after the revision that it has. Raises StoreUnavailable with nothing changed (retriable).
    """
    file = SqliteFile.of(async_url(url))
    file.make()
    engine = create_async_engine(async_url(url))
    try:
        with translated():
            async with engine.connect() as connection:
                pending = await connection.run_sync(_pending)
            if pending.current is not None and pending.steps:
                for step in pending.steps:
                    announce(step)
                await _keep_copy(engine.url, pending.current, announce)
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _pending(connection: Connection) -> Pending:
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - see `_upgrade`
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    current = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(configuration(connection))
    steps = [f"{step.revision}: {step.doc}" for step in script.iterate_revisions("head", current or "base")]
    return Pending(current, steps[::-1])


async def _keep_copy(url: URL, revision: str, announce: Announce) -> None:
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return
    copy = Path(f"{url.database}.{revision}")
    await asyncio.to_thread(_copy, Path(url.database), copy)
    announce(f"a copy of the database as it was: {copy}")


def _copy(database: Path, copy: Path) -> None:
    """Copy what is committed, even while others have the file open; an existing copy is kept."""
    if copy.exists():
        return
    SqliteFile(copy).make()
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a second of importing that most commands do without

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for an open connection."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
