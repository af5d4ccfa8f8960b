"""The migrations make the tables that the code expects."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from adapters.database.migrate import upgrade
from adapters.database.schema import metadata
from adapters.database.store import Database


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_a_migrated_database_has_the_tables_of_this_build(database_url: str) -> None:
    database = Database(database_url)
    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


async def test_upgrading_again_changes_nothing(database_url: str) -> None:
    await upgrade(database_url)
