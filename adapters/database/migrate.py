"""Bringing a database's tables to what this build needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.database.engine import async_url, translated

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"

ONE_AT_A_TIME = 7_215_517  # any number, as long as it is always the same: the key of an advisory lock


async def upgrade(url: str) -> None:
    """Makes or upgrades all tables, in one transaction; done again it changes nothing. Several may call it at once.

    Raises StoreUnavailable with nothing changed (retriable).
    """
    engine = create_async_engine(async_url(url))
    try:
        with translated():
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


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
