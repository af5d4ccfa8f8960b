"""A database that is away for now is told from one that refuses for good."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.database.engine import translated
from adapters.database.store import Database
from sync.errors import StoreUnavailable
from tests.servers.postgresql import PostgreSQL


async def test_killed_and_starting_it_is_away_until_it_answers() -> None:
    server = PostgreSQL().start()
    database = Database(server.make_database("mortal"))
    try:
        for _ in range(3):
            assert await _answers(database)
            await asyncio.to_thread(server.kill)
            starting = asyncio.create_task(asyncio.to_thread(server.start))
            while not starting.done():
                await _answers(database)
                await asyncio.sleep(0.001)
            await starting
    finally:
        await database.close()
        server.stop()


async def _answers(database: Database) -> bool:
    try:
        async with database.reading() as connection:
            await connection.execute(text("SELECT 1"))
    except StoreUnavailable:
        return False
    return True


async def test_without_a_connection_to_spare_it_is_away(postgresql: PostgreSQL, postgresql_url: str) -> None:
    postgresql.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    database = Database(postgresql_url.replace("rollcall@", "crowded@"))
    with pytest.raises(StoreUnavailable):
        async with database.reading():
            pass
    await database.close()
    postgresql.execute("DROP ROLE crowded")


@pytest.mark.parametrize(
    ("sqlstate", "away"),
    [("08006", True), ("40P01", True), ("53300", True), ("57P03", True), ("23505", False), ("42703", False)],
)
def test_its_states_tell(sqlstate: str, *, away: bool) -> None:
    class Refused(Exception):  # noqa: N818
        """As a driver has it."""

    refused = Refused()
    refused.sqlstate = sqlstate  # type: ignore[attr-defined]
    with pytest.raises(StoreUnavailable if away else DBAPIError), translated():
        raise DBAPIError("SELECT", None, refused)
